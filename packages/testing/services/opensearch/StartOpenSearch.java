import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;

/** Arguments: a folder for data, a port (0 takes a free one). Prints `READY` and the address. */
public class StartOpenSearch extends Node {
  private StartOpenSearch(Environment environment, Collection<Class<? extends Plugin>> plugins) {
    super(environment, plugins, false);
  }

  public static void main(String[] arguments) throws Exception {
    Path home = Paths.get(arguments[0]).toAbsolutePath();
    Path config = Files.createDirectories(home.resolve("config"));
    Settings settings = Settings.builder()
        .put("path.home", home.toString())
        .put("path.data", home.resolve("data").toString())
        .put("path.logs", home.resolve("logs").toString())
        .put("cluster.name", "litmus-test")
        .put("node.name", "test")
        .put("discovery.type", "single-node")
        .put("network.host", "127.0.0.1")
        .put("http.port", arguments[1])
        .put("transport.port", "0")
        .put("http.type", "netty4")
        .put("transport.type", "netty4")
        .put("cluster.routing.allocation.disk.threshold_enabled", false)
        .build();
    var plugins = List.of(pluginOf("org.opensearch.transport.Netty4"), pluginOf("org.opensearch.analysis.common.CommonAnalysis"));
    Node node = new StartOpenSearch(new Environment(settings, config), plugins);
    node.start();
    var address = node.injector().getInstance(HttpServerTransport.class).boundAddress().publishAddress();
    System.out.println("READY http://" + address);
    new CountDownLatch(1).await();
  }

  /** Modules were called plugins before OpenSearch 3. */
  private static Class<? extends Plugin> pluginOf(String prefix) throws ClassNotFoundException {
    try {
      return Class.forName(prefix + "Plugin").asSubclass(Plugin.class);
    } catch (ClassNotFoundException absent) {
      return Class.forName(prefix + "ModulePlugin").asSubclass(Plugin.class);
    }
  }
}
