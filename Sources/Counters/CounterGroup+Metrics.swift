// SPDX-License-Identifier: Apache-2.0

extension CounterGroup {
  /// The group's metrics, one reading each, from its readings and what else is known.
  public func metrics(
    from readings: [CounterReading], inputs: MetricInputs
  ) -> [MetricReading] {
    var values = inputs.values
    for reading in readings { values[reading.alias] = reading.value }
    return metrics.map { metric in
      do throws(MetricFormula.Undefined) {
        let value = try metric.formula.value(of: values)
        return MetricReading(name: metric.name, unit: metric.unit, value: value)
      } catch {
        return MetricReading(
          name: metric.name, unit: metric.unit, reason: Self.reason(error, readings))
      }
    }
  }

  private static func reason(
    _ cause: MetricFormula.Undefined, _ readings: [CounterReading]
  ) -> String {
    switch cause {
    case .divisionByZero: return "divides by zero"
    case .missing(let name):
      guard let reading = readings.first(where: { $0.alias == name }) else {
        return "\(name) is not known here"
      }
      return "needs \(reading.name): \(reading.source.reason ?? "not read")"
    }
  }
}
