#!/bin/sh
# Sums the lines "docker N" and "embedded N" that the test JVMs wrote.
[ -f "$1" ] || { echo "integration tests: 0 on docker, 0 on embedded"; exit 0; }
awk '$1 == "docker" {d += $2} $1 == "embedded" {e += $2}
     END {printf "integration tests: %d on docker, %d on embedded\n", d, e}' "$1"
