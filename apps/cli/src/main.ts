import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { runToEnd } from "./run-to-end.ts";
import { version } from "./version.ts";

/**
 * @file The `litmus` command. Each command's work is imported when it runs, so that --help is quick.
 * A failure ends with one message that says what, where and what to do, and with the exit code of its kind.
 */

const json = () =>
  new Option("--json", "print JSON on stdout: one line, or with train and eval one line an event").default(false);
const csv = () => new Option("--csv", "print CSV, which is the default").default(false).conflicts("json");
const runsDirectory = () => new Option("--dir <folder>", "folder of the runs").default("runs");
const wholeNumber = (least: number) => (text: string) => {
  const count = Number(text);
  if (Number.isInteger(count) && count >= least) return count;
  throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
};
const wholeNumbers = (text: string): number[] => text.split(",").map(wholeNumber(1));
const threads = () => new Option("--threads <n>", "threads of each side").default(2).argParser(wholeNumber(1));
const preset = () =>
  new Option("--preset <name>", "BM25 parameters; a folder's index takes them when it is searched")
    .choices(["anserini", "elasticsearch"] as const)
    .default("anserini" as const);
const storeVariable = () =>
  new Option(
    "--store <variable>",
    "environment variable with the address of a Postgres store; default: the folder's own",
  );
const searchUrlVariable = () =>
  new Option("--url-variable <name>", "environment variable with the search server's address").default(
    "LITMUS_ELASTICSEARCH_URL",
  );
const apiKeyVariable = () => new Option("--api-key-variable <name>", "environment variable with its API key");
const username = () => new Option("--username <name>", "user of the search server, in place of an API key");
const passwordVariable = () =>
  new Option("--password-variable <name>", "environment variable with the user's password").default(
    "LITMUS_ELASTICSEARCH_PASSWORD",
  );
const certificates = () => new Option("--certificates <file>", "PEM file of certificates to trust");
const set = () =>
  new Option("--set <key.path=value...>", "override a key of the experiment file").default([] as string[]);

const program = new Command("litmus")
  .description(
    "Search agents for biomedical literature, trained with verifiable rewards. For research, never for clinical advice.",
  )
  .version(version)
  .showSuggestionAfterError()
  // An option belongs to the command that it follows: "runs" and "runs archive" have some of the same name.
  .enablePositionalOptions()
  .configureHelp({ showGlobalOptions: true })
  .exitOverride();

program
  .command("train")
  .description("run an experiment file; the same command goes on after a stop")
  .argument("<config>", "experiment file, for example configs/quickstart.yaml")
  .addOption(runsDirectory())
  .addOption(set())
  .addOption(json())
  .option("--new", "start another run of this experiment", false)
  .option("--dry-run", "print the resolved config, the estimated cost and what would be fetched; touch nothing", false)
  .action(async (config, options) => (await import("./commands/train.ts")).train(config, options));

program
  .command("worker")
  .description("make groups of trajectories for an experiment's runs, beside other workers, until asked to stop")
  .argument("<config>", "the runs' experiment file, with queue.engine: bullmq")
  .option(
    "--runs <folder-or-address>",
    "the trainer's runs folder as this machine sees it, or where http serves it",
    "runs",
  )
  .addOption(new Option("--groups <n>", "groups at once; default: policy.slots").argParser(wholeNumber(1)))
  .addOption(set())
  .addOption(json())
  .action(async (config, options) => (await import("./commands/worker.ts")).worker(config, options));

program
  .command("workers")
  .description("list the workers of an experiment, what waits for them, and what was given up")
  .argument("<config>", "experiment file with queue.engine: bullmq")
  .addOption(set())
  .addOption(json())
  .action(async (config, options) => (await import("./commands/workers.ts")).workers(config, options));

program
  .command("eval")
  .description("score a finished run's best version, or the base policy of an experiment file")
  .argument("<run-or-config>", "run id, or experiment file")
  .addOption(runsDirectory())
  .addOption(storeVariable())
  .addOption(set())
  .addOption(json())
  .addOption(new Option("--split <name>", "questions to score").choices(["validation", "test"] as const))
  .addOption(new Option("--policy-version <n>", "version of the run; 0 is the base policy").argParser(wholeNumber(0)))
  .addOption(new Option("--samples <k>", "samples a question at temperature 1; 0 for none").argParser(wholeNumber(0)))
  .action(async (target, options) => (await import("./commands/evaluate.ts")).evaluate(target, options));

program
  .command("serve")
  .description("show the runs of a folder, or of a Postgres store, as a page at a local address, until asked to stop")
  .addOption(runsDirectory())
  .addOption(storeVariable())
  .option("--host <address>", "address to listen on; one that others can reach needs a token", "127.0.0.1")
  .addOption(
    new Option("--port <n>", "0 takes a free one; default: the first free one from 4780 on").argParser(wholeNumber(0)),
  )
  .option("--token-variable <name>", "environment variable with a token that every request must show")
  .addOption(json())
  .action(async (options) => (await import("./commands/serve.ts")).serve(options));

program
  .command("compare")
  .description("the paired difference of two evaluations on the questions that both have, with its interval")
  .argument("<from>", "a run for its last evaluation, or run:stage or run:stage:step")
  .argument("<to>", "the same form")
  .addOption(runsDirectory())
  .addOption(storeVariable())
  .addOption(json())
  .action(async (from, to, options) => (await import("./commands/compare.ts")).compare(from, to, options));

program
  .command("ask")
  .description("answer one question with the newest trained policy; for research, never for clinical advice")
  .argument("<question>")
  .addOption(runsDirectory())
  .addOption(storeVariable())
  .addOption(json())
  .addOption(new Option("--run <id>", "use the best version of this run").conflicts("config"))
  .option(
    "--config <file>",
    "experiment file whose base policy or chat model is to answer; default: the clone's configs/quickstart.yaml while no run is trained",
  )
  .action(async (question, options) => (await import("./commands/ask.ts")).ask(question, options));

const runsCommand = program
  .command("runs")
  .description("list the runs of a folder, or show one")
  .argument("[run]", "run id")
  .addOption(runsDirectory())
  .addOption(storeVariable())
  .addOption(json())
  .action(async (run, options) => (await import("./commands/runs.ts")).runs(run, options));

runsCommand
  .command("archive")
  .description("write all records of a run into a file: JSON lines, gzip")
  .argument("<run>", "run id")
  .argument("<file>", "file to write, which must not exist; for example run.jsonl.gz")
  .addOption(runsDirectory())
  .addOption(storeVariable())
  .addOption(json())
  .option("--remove", "remove the trajectories of a finished run from the store, once the file is whole", false)
  .action(async (run, file, options) => (await import("./commands/archive-run.ts")).archiveRun(run, file, options));

const exportCommand = program
  .command("export")
  .description("write the adapter of a run's best version for other engines: GGUF for llama.cpp, or a PEFT folder")
  .argument("<run>", "run id")
  .argument("<folder>", "folder to write")
  .addOption(runsDirectory())
  .addOption(storeVariable())
  .addOption(json())
  .addOption(new Option("--format <name>", "form").choices(["gguf", "peft"] as const).default("peft" as const))
  .addOption(new Option("--policy-version <n>", "this version, not the best one").argParser(wholeNumber(1)))
  .action(async (run, folder, options) =>
    (await import("./commands/export-adapter.ts")).exportAdapter(run, folder, options),
  );

exportCommand
  .command("leaderboard")
  .description("print the leaderboard as the page shows it: CSV, or JSON with --json")
  .addOption(runsDirectory())
  .addOption(storeVariable())
  .addOption(csv())
  .addOption(json())
  .option("--set <id>", "evaluation set; default: the one with most policies, and --json lists the others")
  .addOption(
    new Option("--which <evaluations>", "the last one of each stage, or all")
      .choices(["last", "all"] as const)
      .default("last" as const),
  )
  .action(async (options) => (await import("./commands/export-tables.ts")).exportLeaderboard(options));

exportCommand
  .command("runs")
  .description("print the runs with all columns of the page: CSV, or JSON with --json")
  .addOption(runsDirectory())
  .addOption(storeVariable())
  .addOption(csv())
  .addOption(json())
  .action(async (options) => (await import("./commands/export-tables.ts")).exportRuns(options));

exportCommand
  .command("series")
  .description("print every point of a run's curves: CSV, or JSON with --json")
  .argument("<run>", "run id")
  .addOption(runsDirectory())
  .addOption(storeVariable())
  .addOption(csv())
  .addOption(json())
  .addOption(
    new Option("--x <axis>", "what the points lie over")
      .choices(["step", "time", "tokens"] as const)
      .default("step" as const),
  )
  .action(async (run, options) => (await import("./commands/export-tables.ts")).exportSeries(run, options));

exportCommand
  .command("trajectory")
  .description("print one trajectory as it is stored, as JSON")
  .argument("<id>", "trajectory id")
  .addOption(runsDirectory())
  .addOption(storeVariable())
  .addOption(json())
  .action(async (id, options) => (await import("./commands/export-tables.ts")).exportTrajectory(id, options));

program
  .command("report")
  .description("write the page of a run as one HTML file, of what is stored by now; a training that ends writes it too")
  .argument("<run>", "run id")
  .addOption(runsDirectory())
  .addOption(storeVariable())
  .addOption(json())
  .option("--out <file>", "file to write; default: report.html in the run's folder")
  .action(async (run, options) => (await import("./commands/report.ts")).report(run, options));

program
  .command("doctor")
  .description("check this machine: Node, native parts, memory, disk, model, runs folder")
  .addOption(runsDirectory())
  .addOption(json())
  .option("--config <file>", "experiment file to check against; default: the clone's configs/quickstart.yaml")
  .action(async (options) => (await import("./commands/doctor.ts")).doctor(options));

const bench = program.command("bench").description("measure this machine, beside a peer where there is one");

bench
  .command("update")
  .description("one update of the local trainer: 8 × 512 tokens, loss on the last 128, LoRA of rank 16")
  .addOption(json())
  .option("--config <file>", "experiment file that names the model", "configs/quickstart.yaml")
  .addOption(threads())
  .addOption(new Option("--peer <name>", "also measure this Python peer, in turn").choices(["torch", "trl"] as const))
  .action(async (options) => (await import("./commands/bench-update.ts")).benchUpdate(options));

bench
  .command("rollout")
  .description("the sampler beside llama.cpp's own benchmark, which is built for it, and a batch of uneven episodes")
  .addOption(json())
  .option("--config <file>", "experiment file that names the model", "configs/quickstart.yaml")
  .addOption(threads())
  .action(async (options) => (await import("./commands/bench-rollout.ts")).benchRollout(options));

bench
  .command("loop")
  .description("one reinforcement step of 8 × 8 trajectories, after the experiment's warm start: where the time goes")
  .addOption(json())
  .addOption(set())
  .option("--config <file>", "experiment file, a warm start and one reinforcement stage", "configs/quickstart.yaml")
  .action(async (options) => (await import("./commands/bench-loop.ts")).benchLoop(options));

bench
  .command("queue")
  .description(
    "rollouts of the scripted policy by 1, 2 and 4 workers on Redis and Postgres, beside one process without a queue",
  )
  .addOption(json())
  .option("--config <file>", "experiment file that names corpus and questions", "configs/quickstart.yaml")
  .addOption(new Option("--rollouts <n>", "of each number of workers").default(10_000).argParser(wholeNumber(8)))
  .addOption(new Option("--workers <n,n>", "numbers of workers").default([1, 2, 4], "1,2,4").argParser(wholeNumbers))
  .addOption(new Option("--latency <ms>", "of every action").default(100).argParser(wholeNumber(0)))
  .action(async (options) => (await import("./commands/bench-queue.ts")).benchQueue(options));

bench
  .command("retrieval")
  .description("searches of 32 callers at once, batched and singly, in turn; an index that a server lacks is built")
  .addOption(json())
  .option("--config <file>", "experiment file that names corpus and questions", "configs/quickstart.yaml")
  .addOption(
    new Option("--engine <name>", "what is searched")
      .choices(["elasticsearch", "opensearch"] as const)
      .default("elasticsearch" as const),
  )
  .addOption(
    new Option("--searches <n>", "of each mode in each of three rounds").default(2000).argParser(wholeNumber(32)),
  )
  .action(async (options) => (await import("./commands/bench-retrieval.ts")).benchRetrieval(options));

const index = program.command("index").description("build, inspect and search a BM25 index");

index
  .command("build")
  .description(
    "build an index from a file of records (JSON lines, plain or gzip, or Parquet), in a folder or on a search server",
  )
  .argument("<records>", "JSON lines or Parquet")
  .argument("<target>", "folder to write, which must not exist; with --to, the alias that searchers open")
  .addOption(json())
  .addOption(
    new Option("--to <engine>", "where the index is built")
      .choices(["folder", "elasticsearch", "opensearch"] as const)
      .default("folder" as const),
  )
  .option("--if-missing", "leave an index that is there as it is, whatever it holds", false)
  .option("--name <name>", "name of the corpus; default: the file's name")
  .option("--id <field>", "field of the record id", "id")
  .option("--title <field>", "field of the title", "title")
  .option("--text <field>", "field of the text", "abstract")
  .option("--year <field>", "field of the year, if there is one")
  .addOption(
    new Option("--ids <space>", "what the ids are").choices(["pubmed", "own"] as const).default("own" as const),
  )
  .addOption(preset())
  .addOption(searchUrlVariable())
  .addOption(apiKeyVariable())
  .addOption(username())
  .addOption(passwordVariable())
  .addOption(certificates())
  .addOption(new Option("--shards <n>", "of an index on a server").default(1).argParser(wholeNumber(1)))
  .addOption(new Option("--replicas <n>", "copies of each shard").default(0).argParser(wholeNumber(0)))
  .option("--rejected <file>", "records that the server rejected; default: <alias>-rejected.jsonl")
  .action(async (records, target, options) =>
    (await import("./commands/index-build.ts")).indexBuild(records, target, options),
  );

index
  .command("info")
  .description("what an index holds")
  .argument("<folder>")
  .addOption(json())
  .action(async (folder, options) => (await import("./commands/index-info.ts")).indexInfo(folder, options));

index
  .command("search")
  .description("search an index")
  .argument("<folder>")
  .argument("<query>")
  .addOption(json())
  .option("--top <k>", "number of hits", "3")
  .addOption(preset())
  .action(async (folder, query, options) =>
    (await import("./commands/index-search.ts")).indexSearch(folder, query, options),
  );

index
  .command("serve")
  .description("answer POST /retrieve, as Search-R1's clients ask it, until asked to stop")
  .argument("<index>", "folder; with --from, alias or index on a search server")
  .addOption(json())
  .addOption(
    new Option("--from <engine>", "where the index is")
      .choices(["folder", "elasticsearch", "opensearch"] as const)
      .default("folder" as const),
  )
  .option("--host <address>", "address to listen on; one that others can reach needs a token", "127.0.0.1")
  .addOption(new Option("--port <n>", "0 takes a free one").default(8000).argParser(wholeNumber(0)))
  .option("--token-variable <name>", "environment variable with a token that every request must show")
  .addOption(
    new Option("--contents <form>", "member contents: title, line break, text; or PaperSearchQA's one line")
      .choices(["clean", "compat"] as const)
      .default("clean" as const),
  )
  .addOption(preset())
  .addOption(searchUrlVariable())
  .addOption(apiKeyVariable())
  .addOption(username())
  .addOption(passwordVariable())
  .addOption(certificates())
  .action(async (target, options) => (await import("./commands/index-serve.ts")).indexServe(target, options));

await runToEnd(() => program.parseAsync(process.argv), process.argv.includes("--json"));
