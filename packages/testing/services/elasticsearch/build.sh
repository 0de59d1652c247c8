#!/bin/bash
# build.sh <folder>: the server from its published jars, without the parts that are published nowhere.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
to=$1
version=$(grep -o -m1 'elasticsearch</artifactId><version>[^<]*' "$here/pom.xml" | sed 's/.*>//')
netty=$to/modules/transport-netty4
english=$to/modules/english-analysis
rm -rf "$to"
mkdir -p "$to/lib" "$to/classes" "$to/plugin" "$netty" "$english"
mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$to/lib"
mv "$to"/lib/transport-netty4-*.jar "$to"/lib/netty-*.jar "$netty/"
# The descriptor is in the jar. Without its module name it loads beside a server on the class path.
unzip -p "$netty/transport-netty4-$version.jar" META-INF/es-plugins/transport-netty4/plugin-descriptor.properties \
  | grep -v -E '^(#|modulename|$)' > "$netty/plugin-descriptor.properties"
javac -nowarn -cp "$to/lib/*" -d "$to/classes" "$here/StartElasticsearch.java"
javac -nowarn -cp "$to/lib/*" -d "$to/plugin" "$here/EnglishAnalysisPlugin.java"
jar cf "$english/english-analysis.jar" -C "$to/plugin" .
sed -e 's/^name=.*/name=english-analysis/; s/^classname=.*/classname=litmus.EnglishAnalysisPlugin/; s/^description=.*/description=english analyzer/' \
  "$netty/plugin-descriptor.properties" > "$english/plugin-descriptor.properties"
touch "$to/built"
