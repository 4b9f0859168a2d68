// SPDX-License-Identifier: Apache-2.0

@main
enum ConvScope {
  static func main() {}
}
