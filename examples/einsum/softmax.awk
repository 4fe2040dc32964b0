# What `linalg einsum` prints of the scores [B,H,Q,K], a line for each row and a blank line between
# matrices, becomes four CSV files with a line for each row: softmax(row·scale), and indicators of the
# row's b, h and q, from which an einsum makes an array with four axes again.
#   awk -v batches=2 -v heads=2 -v queries=4 -v scale=0.577 -v out=out -f softmax.awk
function indicator(place, count,    line, i) {
  for (i = 0; i < count; i++) line = line (i ? "," : "") (i == place)
  return line
}

NF {
  largest = $1
  for (i = 2; i <= NF; i++) if ($i > largest) largest = $i
  sum = 0
  for (i = 1; i <= NF; i++) sum += weight[i] = exp(($i - largest) * scale)
  line = ""
  for (i = 1; i <= NF; i++) line = line (i > 1 ? "," : "") sprintf("%.17g", weight[i] / sum)
  print line > (out "/rows.csv")
  print indicator(int(row / (heads * queries)), batches) > (out "/row-b.csv")
  print indicator(int(row / queries) % heads, heads) > (out "/row-h.csv")
  print indicator(row % queries, queries) > (out "/row-q.csv")
  row++
}
