// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Convolution
internal import Foundation

/// A tensor in a file: raw little-endian 32-bit floats, nothing else.
enum TensorFile {
  /// Writes `values`.
  static func write(_ values: TensorValues, to path: String) throws(ExternalError) {
    do throws(FileError) {
      let result = values.withUnsafeBytes { bytes in
        Result { () throws(FileError) in
          guard let start = bytes.baseAddress else {
            return try WholeFile.write(Data(), to: URL(filePath: path))
          }
          // Without a copy: tensors can be a good part of the memory. Nothing changes these bytes.
          let data = Data(
            bytesNoCopy: UnsafeMutableRawPointer(mutating: start), count: bytes.count,
            deallocator: .none)
          try WholeFile.write(data, to: URL(filePath: path))
        }
      }
      try result.get()
    } catch {
      throw .file(path: path, reason: error.reason)
    }
  }

  /// Reads exactly `count` floats.
  static func read(_ path: String, count: Int) throws(ExternalError) -> TensorValues {
    let expected = count * ElementType.f32.bytes
    let data: Data
    do {
      // The size is looked at first: a contender's mistake must not fill our memory.
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
      guard size == expected else {
        throw ExternalError.fileSize(path: path, bytes: size, expected: expected)
      }
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch let error as ExternalError {
      throw error
    } catch {
      throw .file(path: path, reason: "it cannot be read, or was never written")
    }
    return TensorValues(unsafeUninitializedCapacity: count) { target, initialized in
      initialized = data.copyBytes(to: target) / ElementType.f32.bytes
    }
  }
}
