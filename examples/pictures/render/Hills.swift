// The gray picture: a tower above wooded hills, painted from the back to the front.

/// The light at a point of the hills, 0…1; u goes to the right and v down, both 0…1.
func hills(_ u: Double, _ v: Double) -> Double {
  var light = sky(u, v)
  for layer in 0..<5 {
    let (crest, ground) = ridge(u, layer)
    if v > crest { light = slope(u, v, depth: v - ground, layer) }
    if layer == 3, let stone = tower(u, v) { light = stone }
  }
  return light
}

/// A sky with clouds, the brighter the nearer to the sun.
func sky(_ u: Double, _ v: Double) -> Double {
  let cover = step(0.45, 0.75, clouds(u * 3.2 + 7, v * 8 + 2, octaves: 6))
  let sun = (u - 0.74) * (u - 0.74) + (v - 0.2) * (v - 0.2)
  let glow = 0.35 / (1 + 55 * sun)
  return clamp(mix(0.3, 0.7, v * 1.8) + glow + cover * (0.42 - 0.3 * v))
}

/// How far down the crest of a layer of hills lies, with its firs, which the nearer layers carry, and
/// without them.
func ridge(_ u: Double, _ layer: Int) -> (crest: Double, ground: Double) {
  let base = [0.50, 0.56, 0.64, 0.74, 0.90][layer]
  let height = [0.22, 0.16, 0.15, 0.13, 0.07][layer]
  let ground =
    base + height
    * (0.5
      - clouds(u * (1.6 + 0.5 * Double(layer)) + 3.7 * Double(layer), 0.5, octaves: 7, layer * 7))
  guard layer >= 2 else { return (ground, ground) }
  let spacing = [0.012, 0.024, 0.05][layer - 2]
  var top = ground
  let cell = Int((u / spacing).rounded(.down))
  for tree in (cell - 1)...(cell + 1) where hash(tree, layer, 1) > 0.25 {
    let center = (Double(tree) + 0.25 + 0.5 * hash(tree, layer, 2)) * spacing
    let tall = spacing * (1.3 + 1.9 * hash(tree, layer, 3))
    // Branches widen towards the ground, each tier anew.
    let distance = abs(u - center) / (spacing * 0.42)
    let tier = (distance * 5).rounded(.down) / 5
    let needles = 0.12 * noise(u * 900, Double(tree), layer)
    if distance < 1 { top = min(top, ground - tall * (1 - 0.6 * tier - 0.4 * distance - needles)) }
  }
  return (top, ground)
}

/// Wooded ground below a crest: nearer hills are darker and show more of their leaves.
func slope(_ u: Double, _ v: Double, depth: Double, _ layer: Int) -> Double {
  let near = Double(layer) / 4
  let scale = [60.0, 52, 44, 36, 26][layer]
  func height(_ x: Double, _ y: Double) -> Double {
    clouds(x * scale, y * scale * 1.6, octaves: 5, gain: 0.62, 40 + layer)
  }
  // The sun stands on the right: what rises to the right lies in shade.
  let relief = height(u + 0.004, v - 0.003) - height(u - 0.002, v)
  let lit = clamp(0.5 - 1.9 * relief)
  let haze = mix(0.68, 0.16, near)
  let foliage =
    layer < 3 ? 0 : 0.26 * ((leaf(u * 75, v * 75, share: 0.75, 20 + layer) ?? 0.1) - 0.35)
  let mist = 0.12 * (1 - near) * step(0, 0.16, depth)
  let shadow = depth < 0 ? 0.45 + 0.3 * (1 - near) : 1
  return shadow * clamp(haze + mist + (0.12 + 0.46 * near) * (lit - 0.36) + foliage)
}

/// A round tower of stone with a pointed roof, or nil beside it.
func tower(_ u: Double, _ v: Double) -> Double? {
  let (center, radius, top, bottom) = (0.27, 0.066, 0.30, 0.84)
  let x = (u - center) / radius
  if v < top {
    // The roof: shingles on a cone.
    let half = (v - 0.13) / (top - 0.13) * 1.22
    guard v > 0.13, abs(x) < half else { return nil }
    let (tone, inside) = bricks(x / half * 7, v * 120, mortar: 0.25)
    return (0.12 + 0.3 * clamp(0.4 + 0.6 * x / half)) * (0.6 + 0.4 * tone) * (0.6 + 0.4 * inside)
  }
  let gallery = v < top + 0.035
  let grass = 0.02 * noise(u * 240, 0.5) + 0.006 * abs(x)
  guard v < bottom - grass, abs(x) < (gallery ? 1.14 : 1) else { return nil }
  let across = x / 1.14
  let bulge = (1 - across * across).squareRoot()
  let shade = 0.16 + 0.7 * clamp(0.62 * across + 0.55 * bulge)
  if gallery { return shade * ((x + 2) * 5 - ((x + 2) * 5).rounded(.down) < 0.25 ? 0.4 : 1.08) }
  for (height, side) in [(0.40, 0.25), (0.53, -0.2), (0.66, 0.3)] {
    let (dx, dy) = ((x - side) / 0.16, (v - height) / 0.026)
    if abs(dx) < 1, dy < 1, dy > 0 || dx * dx + dy * dy < 1 { return 0.05 + 0.05 * clamp(dx) }
  }
  // Bricks look narrower where the wall turns away.
  let (tone, inside) = bricks(across / (0.4 + bulge) * 9, v * 82, mortar: 0.2)
  let grain = clouds(u * 260, v * 260, octaves: 3, gain: 0.7, 9)
  return shade * (0.62 + 0.38 * tone) * (0.55 + 0.45 * inside) * (0.72 + 0.5 * grain)
}
