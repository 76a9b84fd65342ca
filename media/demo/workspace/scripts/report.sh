#!/bin/sh
# Sums the hours of each group that queries/report.sql asks for.
set -eu
column=$(sed -n 's/^group by //p' queries/report.sql)
header=$(head -n 1 data/hours.csv)
echo "Reading data/hours.csv"
case ",$header," in
  *",$column,"*) ;;
  *)
    echo "ERROR: column \"$column\" does not exist" >&2
    echo "HINT: the columns are $header" >&2
    exit 3
    ;;
esac
awk -F, -v name="$column" '
  NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) wanted = i; next }
  { sum[$wanted] += $4 }
  END { for (key in sum) print key, sum[key] }
' data/hours.csv | sort
