import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'

/** Reads one figure at the moment of the scrape. */
export interface Figure {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge'
  /** A number, numbers by the value of `label`, or numbers by the values of `labels`. */
  read(): number | Readonly<Record<string, number>> | readonly Sample[]
  readonly label?: string
  readonly labels?: readonly string[]
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The Prometheus metrics of the platform: stages give figures, nothing is counted twice. */
export class Metrics {
  readonly #registry = new Registry()

  constructor() {
    collectDefaultMetrics({ register: this.#registry })
  }

  add(figure: Figure): void {
    const { name, help, label } = figure
    const labelNames = label === undefined ? [...(figure.labels ?? [])] : [label]
    const read = (): readonly Sample[] => {
      const value = figure.read()
      if (Array.isArray(value)) return value
      return typeof value === 'number'
        ? [{ labels: {}, value }]
        : Object.entries(value).map(([key, each]) => ({ labels: { [label ?? 'kind']: key }, value: each }))
    }
    if (figure.type === 'gauge') {
      new Gauge({
        name,
        help,
        labelNames,
        registers: [this.#registry],
        collect() {
          // What is no more is not shown with what it was.
          this.reset()
          for (const { labels, value } of read()) this.set(labels, value)
        },
      })
    } else {
      new Counter({
        name,
        help,
        labelNames,
        registers: [this.#registry],
        collect() {
          this.reset()
          for (const { labels, value } of read()) this.inc(labels, value)
        },
      })
    }
  }

  /** The text exposition format. */
  text(): Promise<string> {
    return this.#registry.metrics()
  }

  readonly contentType = this.#registry.contentType
}
