#!/bin/bash
# build.sh <folder> [version]: the server from its published jars.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
to=$1
version=${2:-$(grep -o -m1 '<server.version>[^<]*' "$here/pom.xml" | sed 's/.*>//')}
rm -rf "$to"
mkdir -p "$to/lib" "$to/classes"
mvn -q -B -f "$here/pom.xml" "-Dserver.version=$version" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$to/lib"
javac -nowarn -cp "$to/lib/*" -d "$to/classes" "$here/StartOpenSearch.java"
touch "$to/built"
