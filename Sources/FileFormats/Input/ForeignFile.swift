/// A kind of file that people try and that is not read, with what turns it into one that is.
struct ForeignFile {
  let name: String
  let suffixes: [String]
  let signatures: [[UInt8]]
  /// A command, with `{file}` for the file's name and `{stem}` for it without the suffix.
  let conversion: String

  /// Refuses a file that is of a known foreign kind by its first bytes or else its suffix.
  ///
  /// - Throws: `FormatError.badData` with the converting command as hint.
  static func refuse(_ bytes: ArraySlice<UInt8>, _ path: String) throws(FormatError) {
    let suffix = FileFormat.suffix(of: path) ?? ""
    let bySignature = known.first { $0.signatures.contains { bytes.starts(with: $0) } }
    guard let kind = bySignature ?? known.first(where: { $0.suffixes.contains(suffix) }) else {
      return
    }
    throw .badData("\(kind.name) is not read", hint: kind.hint(for: path))
  }

  private func hint(for path: String) -> String {
    let name = path == "-" ? "FILE" : String(path.split(separator: "/").last ?? "FILE")
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    let command = conversion.split(separator: "{file}", omittingEmptySubsequences: false)
      .joined(separator: name)
      .split(separator: "{stem}", omittingEmptySubsequences: false).joined(separator: stem)
    return "convert it: " + command
  }

  /// Every kind with a hint.
  static let known: [ForeignFile] = [
    picture("JPEG", ["jpg", "jpeg"], [[0xFF, 0xD8, 0xFF]]),
    picture("GIF", ["gif"], [[UInt8]("GIF8".utf8)]),
    picture("WebP", ["webp"], []),
    picture("TIFF", ["tif", "tiff"], [[0x49, 0x49, 0x2A, 0], [0x4D, 0x4D, 0, 0x2A]]),
    picture("BMP", ["bmp"], []),
    python(
      "HDF5", ["h5", "hdf5"], [[0x89, 0x48, 0x44, 0x46]],
      "import h5py, numpy; f = h5py.File('{file}'); "
        + "numpy.savez('{stem}.npz', **{k: f[k][()] for k in f})"),
    python(
      "a MATLAB file", ["mat"], [[UInt8]("MATLAB 5.0".utf8)],
      "import scipy.io, numpy; m = scipy.io.loadmat('{file}'); "
        + "numpy.savez('{stem}.npz', **{k: m[k] for k in m if k[0] != '_'})"),
    python(
      "a PyTorch checkpoint", ["pt", "pth"], [],
      "import torch, safetensors.torch as s; "
        + "s.save_file(torch.load('{file}', weights_only=True), '{stem}.safetensors')"),
  ]

  private static func picture(
    _ name: String, _ suffixes: [String], _ signatures: [[UInt8]]
  ) -> ForeignFile {
    ForeignFile(
      name: name, suffixes: suffixes, signatures: signatures,
      conversion: "magick {file} {stem}.png")
  }

  private static func python(
    _ name: String, _ suffixes: [String], _ signatures: [[UInt8]], _ program: String
  ) -> ForeignFile {
    ForeignFile(
      name: name, suffixes: suffixes, signatures: signatures,
      conversion: "python3 -c \"\(program)\"")
  }
}
