# Two spirals, a classic test of classifiers: each arm winds around the other, so that no straight
# line, and no single hidden unit, tells them apart.
#
#   awk -f spirals.awk > spirals.csv
#   awk -v rows=2000 -v seed=7 -v noise=0.05 -v turns=2 -f spirals.awk
#
# Both arms have half of the rows, in turn. A point at the angle t, from a quarter turn on, lies at
# the radius t/(2 pi turns); normal noise is added to both coordinates. The random numbers are
# Park and Miller's (1988), whose products stay below 2^53: every awk draws the same.

function uniform() {
  state = (state * 16807) % 2147483647
  return state / 2147483647
}

function normal() {
  return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform())
}

BEGIN {
  if (rows == "") rows = 1000
  if (seed == "") seed = 1
  if (noise == "") noise = 0.02
  if (turns == "") turns = 1.75
  pi = 3.141592653589793
  state = (seed * 48271 + 11) % 2147483646 + 1
  for (i = 0; i < 10; i++) uniform()
  print "x,y,arm"
  for (i = 0; i < rows; i++) {
    # The square root spreads the points evenly along the arm.
    t = pi / 2 + (2 * turns - 0.5) * pi * sqrt(uniform())
    r = t / (2 * pi * turns)
    turn = i % 2 ? pi : 0
    x = r * cos(t + turn) + noise * normal()
    y = r * sin(t + turn) + noise * normal()
    printf "%.4f,%.4f,%s\n", x, y, i % 2 ? "right" : "left"
  }
}
