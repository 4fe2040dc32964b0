import Glibc

/// The folder of real data beside the repository, or nil where there is none.
///
/// `LINALG_SHARED_DATA` names it; without that variable `shared/data` is looked for beside the
/// package and beside the folder that holds its worktrees.
let sharedData: String? = {
  let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  let named = getenv("LINALG_SHARED_DATA").map { [String(cString: $0)] }
  let candidates = named ?? ["/\(package)/../shared/data", "/\(package)/../../shared/data"]
  return candidates.first { access("\($0)/pngsuite", R_OK) == 0 }
}()

/// The bytes of one file of the PngSuite; nil when it cannot be read.
func pngSuiteFile(_ name: String) -> [UInt8]? {
  guard let sharedData, let file = fopen("\(sharedData)/pngsuite/\(name).png", "rb") else {
    return nil
  }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 65536)
  while case let count = fread(&block, 1, block.count, file), count > 0 {
    bytes += block[..<count]
  }
  return bytes
}

/// The 64-bit FNV-1a hash of the samples as big-endian 16-bit numbers.
func fnv1a(_ samples: [UInt16]) -> UInt64 {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for sample in samples {
    for byte in [sample >> 8, sample & 0xFF] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
  }
  return hash
}
