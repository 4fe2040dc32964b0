// What the things in the yard are made of.

/// The color of a surface and how much of it is a mirror.
func material(_ surface: Surface, _ place: Vector, _ normal: Vector) -> (
  color: Vector, mirror: Double
) {
  switch surface {
  case .sphere(0):  // brick
    let (tone, inside) = bricks(
      normal.x / (0.35 + abs(normal.z)) * 5 + 20, (normal.y + 1) * 7, mortar: 0.16)
    let grain = clouds(place.x * 14, place.y * 14 + place.z * 9, octaves: 5, gain: 0.65)
    let clay = mix(Vector(0.42, 0.13, 0.07), Vector(0.75, 0.34, 0.2), tone * 0.6 + grain * 0.4)
    return (mix(Vector(0.55, 0.52, 0.47), clay, inside) * (0.55 + 0.8 * grain), 0)
  case .sphere(1):  // wood
    let bend = clouds(place.x * 2, place.y * 2 + place.z, octaves: 3)
    let center = ((place.x - 0.7) * (place.x - 0.7) + (place.z + 0.1) * (place.z + 0.1))
      .squareRoot()
    let rings = center * 17 + bend * 7
    let ring = rings - rings.rounded(.down)
    let fiber = clouds(place.x * 60, place.y * 5, octaves: 3, 3)
    let tone = clamp(ring * 0.7 + fiber * 0.45)
    return (mix(Vector(0.76, 0.49, 0.23), Vector(0.36, 0.17, 0.06), tone), 0.05)
  case .sphere(2): return (Vector(0.05, 0.16, 0.42), 0.35)
  case .sphere(3): return (Vector(0.8, 0.62, 0.12), 0.2)
  case .sphere: return (Vector(0.1, 0.42, 0.2), 0.25)
  case .ground:  // tiles of stone
    let (x, z) = (place.x * 1.1 + place.z * 0.35 + 40, place.z * 1.1 - place.x * 0.35 + 40)
    let (i, j) = (Int(x.rounded(.down)), Int(z.rounded(.down)))
    let (u, w) = (x - Double(i), z - Double(j))
    let joint = step(0.012, 0.03, min(min(u, 1 - u), min(w, 1 - w)))
    let grain = clouds(x * 7 + Double(i * 5), z * 7, octaves: 6, gain: 0.68, 2)
    let tile = (i + j) & 1 == 0 ? Vector(0.74, 0.7, 0.62) : Vector(0.3, 0.31, 0.33)
    let color = tile * (0.25 + 1.3 * grain) * (0.85 + 0.3 * hash(i, j, 8))
    if let tone = leaf(place.x * 6, place.z * 6, share: 0.16, 60) {
      return (mix(Vector(0.3, 0.09, 0.02), Vector(0.85, 0.5, 0.1), tone), 0)
    }
    return (mix(Vector(0.12, 0.11, 0.1), color, joint), 0)
  case .wall:  // rough, under ivy
    let leaves = leaf(place.x * 8, place.y * 8, share: 0.95, 50) ?? 0
    let growth = step(
      0.5, 0.58, clouds(place.x * 0.9 + 3, place.y * 0.8, octaves: 4) + 0.1 * place.y - 0.1)
    let plaster =
      Vector(0.71, 0.6, 0.46) * (0.6 + 0.7 * clouds(place.x * 5, place.y * 5, octaves: 6))
    let ivy = mix(Vector(0.03, 0.1, 0.03), Vector(0.5, 0.66, 0.2), leaves)
    return (mix(plaster, ivy, growth), 0)
  }
}
