#!/bin/bash
# build.sh <folder>: the server from its published jars.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
to=$1
rm -rf "$to"
mkdir -p "$to/lib" "$to/classes"
mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$to/lib"
javac -nowarn -cp "$to/lib/*" -d "$to/classes" "$here/StartOpenSearch.java"
touch "$to/built"
