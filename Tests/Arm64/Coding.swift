// SPDX-License-Identifier: Apache-2.0

/// Embedded Swift has no coding: what is a value of a stored plan elsewhere is none here.
public protocol Codable {}
