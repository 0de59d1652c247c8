#!/bin/bash
# build.sh <folder> [version]: the server from its published jars, without the parts that are published nowhere.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
to=$1
version=${2:-$(grep -o -m1 '<server.version>[^<]*' "$here/pom.xml" | sed 's/.*>//')}
netty=$to/modules/transport-netty4
english=$to/modules/english-analysis
rm -rf "$to"
mkdir -p "$to/lib" "$to/classes" "$to/plugin" "$netty" "$english"
mvn -q -B -f "$here/pom.xml" "-Dserver.version=$version" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$to/lib"
mv "$to"/lib/transport-netty4-*.jar "$to"/lib/netty-*.jar "$netty/"
javac -nowarn -cp "$to/lib/*" -d "$to/classes" "$here/StartElasticsearch.java"
javac -nowarn -cp "$to/lib/*" -d "$to/plugin" "$here/EnglishAnalysisPlugin.java"
jar cf "$english/english-analysis.jar" -C "$to/plugin" .
# Without a module name a plugin loads beside a server on the class path.
describe() {
  printf '%s\n' "name=$1" "classname=$2" "description=$1" "version=$version" "elasticsearch.version=$version" java.version=17
}
describe transport-netty4 org.elasticsearch.transport.netty4.Netty4Plugin > "$netty/plugin-descriptor.properties"
describe english-analysis litmus.EnglishAnalysisPlugin > "$english/plugin-descriptor.properties"
touch "$to/built"
