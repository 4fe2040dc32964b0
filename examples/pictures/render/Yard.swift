// The color picture: spheres in a yard, by following rays from the eye.

/// A ball that lies on the ground.
struct Sphere {
  let center: Vector
  let radius: Double
}

/// What a ray can meet.
enum Surface: Equatable {
  case sphere(Int)
  case ground
  case wall
}

let spheres = [
  Sphere(center: [-1.15, 1.0, 0.6], radius: 1.0),
  Sphere(center: [0.95, 0.72, -0.35], radius: 0.72),
  Sphere(center: [-0.05, 0.42, -1.55], radius: 0.42),
  Sphere(center: [2.15, 0.36, -1.3], radius: 0.36),
  Sphere(center: [-1.75, 0.3, -1.35], radius: 0.3),
]
/// The middle of a square lamp that stands for the sun.
let lamp: Vector = [4.5, 6.5, -5]
let wallDistance = 3.2

/// The distance along a ray to a sphere, or nil.
func distance(_ origin: Vector, _ direction: Vector, to sphere: Sphere) -> Double? {
  let offset = origin - sphere.center
  let half = dot(offset, direction)
  let discriminant = half * half - dot(offset, offset) + sphere.radius * sphere.radius
  guard discriminant > 0 else { return nil }
  let nearest = -half - discriminant.squareRoot()
  return nearest > 1e-6 ? nearest : nil
}

/// What a ray meets first, where, and which way it faces; nil is the sky.
func meet(
  _ origin: Vector, _ direction: Vector
) -> (place: Vector, normal: Vector, surface: Surface)? {
  var nearest = Double.infinity
  var met: Surface?
  for (index, sphere) in spheres.enumerated() {
    guard let found = distance(origin, direction, to: sphere), found < nearest else { continue }
    (nearest, met) = (found, .sphere(index))
  }
  let toGround = direction.y < 0 ? -origin.y / direction.y : .infinity
  let toWall = direction.z > 0 ? (wallDistance - origin.z) / direction.z : .infinity
  if toGround < nearest { (nearest, met) = (toGround, .ground) }
  if toWall < nearest, (origin + direction * toWall).y < 2.6 { (nearest, met) = (toWall, .wall) }
  guard let met else { return nil }
  let place = origin + direction * nearest
  let normal: Vector
  switch met {
  case .ground: normal = [0, 1, 0]
  case .wall: normal = [0, 0, -1]
  case .sphere(let index): normal = (place - spheres[index].center) / spheres[index].radius
  }
  return (place, normal, met)
}

/// Blue with clouds that lie on a plane high above.
func yardSky(_ direction: Vector) -> Vector {
  let height = clamp(direction.y * 1.6)
  let (x, y) = (direction.x / (0.2 + abs(direction.y)), direction.z / (0.2 + abs(direction.y)))
  let cover = step(0.42, 0.7, clouds(x * 1.3 + 5, y * 1.3, octaves: 6))
  let blue = mix(Vector(0.72, 0.82, 0.93), Vector(0.22, 0.42, 0.75), height)
  return mix(blue, Vector(0.97, 0.96, 0.94), cover * 0.85)
}

/// The share of the lamp that can be seen from a place: a soft shadow from rays to a grid of points.
func visibleLamp(from place: Vector, _ seed: Int) -> Double {
  let side = 3
  var seen = 0
  for i in 0..<side {
    for j in 0..<side {
      let (a, b) = (
        (Double(i) + hash(seed, i, j)) / Double(side),
        (Double(j) + hash(seed, j, i + 9)) / Double(side)
      )
      let point = lamp + Vector(a - 0.5, 0, b - 0.5) * 2.2
      let direction = normalized(point - place)
      if !spheres.contains(where: { distance(place, direction, to: $0) != nil }) { seen += 1 }
    }
  }
  return Double(seen) / Double(side * side)
}

/// The light that comes along a ray.
func yard(_ origin: Vector, _ direction: Vector, _ seed: Int, bounces: Int = 2) -> Vector {
  guard let (place, normal, surface) = meet(origin, direction) else { return yardSky(direction) }
  let start = place + normal * 1e-4
  let toLamp = normalized(lamp - place)
  let (color, mirror) = material(surface, place, normal)
  let facing = max(0, dot(normal, toLamp))
  let sun = facing > 0 ? facing * visibleLamp(from: start, seed) : 0
  // Light from all sides is weaker near the ground beside a sphere.
  let open = spheres.enumerated().reduce(1.0) { open, item in
    let away = item.element.center - place
    let near = item.element.radius * item.element.radius / dot(away, away)
    return surface == .sphere(item.offset)
      ? open : open * (1 - 0.75 * clamp(near) * clamp(0.5 + 0.5 * dot(normal, normalized(away))))
  }
  let ambient = Vector(0.3, 0.35, 0.43) * (0.6 + 0.4 * normal.y) * open
  var light = color * (Vector(1.15, 1.06, 0.92) * sun + ambient)
  guard mirror > 0, bounces > 0 else { return light }
  let cosine = -dot(direction, normal)
  let rest = 1 - clamp(cosine)
  // Schlick's approximation of Fresnel's formula.
  let share = mirror * 0.4 + (1 - mirror * 0.4) * rest * rest * rest * rest * rest
  let bounced = direction + normal * (2 * cosine)
  light = mix(light, yard(start, bounced, seed, bounces: bounces - 1), share)
  let gloss = max(0, dot(bounced, toLamp))
  let (g2, g4) = (gloss * gloss, gloss * gloss * gloss * gloss)
  let highlight = g4 * g4 * g4 * g4 * g4 * g4 * g4 * g4 * g2
  return light + Vector(repeating: highlight * mirror * 2 * (sun > 0 ? 1 : 0))
}

/// The light at a point of the picture as the camera sees it; u to the right and v down, 0…1.
func yard(_ u: Double, _ v: Double, _ seed: Int) -> Vector {
  let eye: Vector = [0.2, 1.75, -6.4]
  let forward = normalized(Vector(0.15, 0.95, 0) - eye)
  let right = normalized(Vector(forward.z, 0, -forward.x))
  let up = Vector(
    forward.y * right.z - forward.z * right.y, forward.z * right.x - forward.x * right.z,
    forward.x * right.y - forward.y * right.x)
  return yard(eye, normalized(forward + right * ((u - 0.5) * 0.84) + up * ((0.5 - v) * 0.84)), seed)
}
