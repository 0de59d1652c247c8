/** @file Questions and records of the seeded store: own-written, of facts that stand in any textbook. */

/** One question with the record that answers it. */
export interface SeedTopic {
  readonly question: string;
  /** The first is the one to teach. */
  readonly answers: readonly string[];
  readonly category: string;
  readonly title: string;
  readonly text: string;
  readonly year: number;
  /** What a policy that guesses says. */
  readonly wrongAnswer: string;
}

type Row = readonly [question: string, answers: string, category: string, title: string, text: string, wrong: string];

const genetics = "genes and inheritance";
const drugs = "drugs and targets";
const microbes = "microbes and infection";
const body = "cells and organs";

const rows: readonly Row[] = [
  [
    "Which gene is mutated in cystic fibrosis?",
    "CFTR|cystic fibrosis transmembrane conductance regulator",
    genetics,
    "Chloride transport and thick secretions in cystic fibrosis",
    "Cystic fibrosis is inherited as a recessive trait. Variants of CFTR leave the chloride channel of airway and duct epithelium misfolded or missing. Secretions lose water and become thick.",
    "SCNN1A",
  ],
  [
    "Which enzyme does aspirin acetylate?",
    "cyclooxygenase|COX|prostaglandin-endoperoxide synthase",
    drugs,
    "How aspirin stops platelets for the rest of their life",
    "Aspirin acetylates a serine of cyclooxygenase. Platelets have no nucleus to make the enzyme anew, so that thromboxane stays low until they are replaced.",
    "lipoxygenase",
  ],
  [
    "Which bacterium causes most peptic ulcers?",
    "Helicobacter pylori|H. pylori",
    microbes,
    "A spiral bacterium of the stomach and the ulcers it leaves",
    "Helicobacter pylori survives gastric acid with its urease. Lasting infection inflames the antrum and precedes most duodenal ulcers; eradication keeps them from coming back.",
    "Escherichia coli",
  ],
  [
    "Which cells of the pancreas secrete glucagon?",
    "alpha cells|α cells|islet alpha cells",
    body,
    "Cell types of the pancreatic islet",
    "Within the islet, beta cells secrete insulin and alpha cells secrete glucagon. Delta cells restrain both with somatostatin.",
    "beta cells",
  ],
  [
    "Which protein is missing in Duchenne muscular dystrophy?",
    "dystrophin",
    genetics,
    "A missing link between cytoskeleton and membrane in muscle",
    "Boys with Duchenne muscular dystrophy make no dystrophin. Without it each contraction tears the membrane of the muscle fibre, and creatine kinase leaks out.",
    "titin",
  ],
  [
    "Which vitamin does warfarin antagonise?",
    "vitamin K",
    drugs,
    "Recycling of a cofactor and the dose of an anticoagulant",
    "Warfarin blocks the reductase that recycles vitamin K. Clotting factors are then made without the carboxylated residues that bind calcium.",
    "vitamin C",
  ],
  [
    "Which virus causes shingles?",
    "varicella zoster virus|varicella-zoster virus|VZV",
    microbes,
    "From chickenpox to shingles: a virus that waits in ganglia",
    "After chickenpox the varicella zoster virus stays silent in sensory ganglia. With age or immunosuppression it returns along one dermatome as shingles.",
    "herpes simplex virus",
  ],
  [
    "Which part of the nephron reabsorbs most sodium?",
    "proximal tubule|proximal convoluted tubule",
    body,
    "Where along the nephron sodium goes back",
    "About two thirds of the filtered sodium is taken back in the proximal tubule, a quarter in the thick ascending limb, and the rest under hormonal control.",
    "collecting duct",
  ],
  [
    "Which gene is amplified in HER2-positive breast cancer?",
    "ERBB2|HER2|HER2/neu",
    genetics,
    "One receptor gene in many copies: a target in breast tumours",
    "In about one of six breast tumours ERBB2 is amplified. The receptor then signals without a ligand, and antibodies against it prolong life.",
    "EGFR",
  ],
  [
    "Which receptor does naloxone block?",
    "mu opioid receptor|μ-opioid receptor|opioid receptors",
    drugs,
    "Reversing respiratory depression within minutes",
    "Naloxone competes for the mu opioid receptor and restores breathing within minutes. Its effect is shorter than that of most opioids.",
    "NMDA receptor",
  ],
  [
    "Which mosquito genus carries malaria?",
    "Anopheles",
    microbes,
    "Night biters: the vector of malaria",
    "Malaria parasites are carried by female Anopheles mosquitoes, which bite between dusk and dawn. Nets treated with insecticide lower child deaths.",
    "Aedes",
  ],
  [
    "Which cells make myelin in the central nervous system?",
    "oligodendrocytes|oligodendrocyte",
    body,
    "Two makers of myelin, inside and outside the brain",
    "One oligodendrocyte wraps segments of many axons of brain and spinal cord. Outside, each Schwann cell serves a single segment.",
    "Schwann cells",
  ],
  [
    "Which trinucleotide is repeated in Huntington disease?",
    "CAG",
    genetics,
    "Length of a repeat and age at onset",
    "In Huntington disease a run of CAG in the first exon is expanded. The longer the run, the earlier the movements begin.",
    "CGG",
  ],
  [
    "Which enzyme do statins inhibit?",
    "HMG-CoA reductase|3-hydroxy-3-methylglutaryl-CoA reductase",
    drugs,
    "The slow step of cholesterol synthesis as a target",
    "Statins inhibit HMG-CoA reductase, the slow step of cholesterol synthesis. The liver answers with more receptors for low-density lipoprotein.",
    "squalene synthase",
  ],
  [
    "Which toxin causes the rice-water stools of cholera?",
    "cholera toxin|choleragen",
    microbes,
    "A toxin that locks a switch in the gut",
    "Cholera toxin keeps the stimulatory G protein of enterocytes active. Chloride and water pour into the gut, litres within a day.",
    "Shiga toxin",
  ],
  [
    "Which valve lies between the left atrium and the left ventricle?",
    "mitral valve|bicuspid valve",
    body,
    "Anatomy of the inflow of the left heart",
    "Blood from the lungs passes from the left atrium through the mitral valve into the left ventricle. Its two leaflets are held by chords.",
    "tricuspid valve",
  ],
];

/** The topics, in an order that never changes. */
export const seedTopics: readonly SeedTopic[] = rows.map(([question, answers, category, title, text, wrong], i) => ({
  question,
  answers: answers.split("|"),
  category,
  title,
  text,
  year: 1994 + ((i * 7) % 29),
  wrongAnswer: wrong,
}));
