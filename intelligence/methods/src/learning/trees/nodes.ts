/**
 * The nodes of many trees, one after the other. Shared by boosted trees and isolation forests. A row goes left where its value is
 * <= the threshold; its children stand side by side, so the right one is `left + 1`. Children stand after their parent.
 */
export interface TreeNodes {
  /** The first node of each tree. */
  readonly roots: Int32Array
  /** The input that a node looks at; -1 for a leaf. */
  readonly input: Int32Array
  readonly threshold: Float64Array
  readonly left: Int32Array
  /** 1 where a missing value goes left. */
  readonly missingLeft: Uint8Array
  /** What a leaf gives; for inner nodes 0. */
  readonly value: Float64Array
  /** Weight of the training rows that came through: what SHAP takes the mean over. */
  readonly cover: Float64Array
}

/** Nodes while trees grow. */
export class NodeList {
  private readonly roots: number[] = []
  private used = 0
  private input = new Int32Array(1024)
  private threshold = new Float64Array(1024)
  private left = new Int32Array(1024)
  private missingLeft = new Uint8Array(1024)
  private value = new Float64Array(1024)
  private cover = new Float64Array(1024)

  get size(): number {
    return this.used
  }

  /** @returns the root, a leaf for now */
  plant(cover: number): number {
    this.roots.push(this.used)
    return this.add(cover)
  }

  /** Makes an inner node of a leaf. @returns its left child; the right one is the next */
  split(
    node: number,
    input: number,
    threshold: number,
    missingLeft: boolean,
    covers: readonly [number, number],
  ): number {
    const left = this.add(covers[0])
    this.add(covers[1])
    this.input[node] = input
    this.threshold[node] = threshold
    this.left[node] = left
    this.missingLeft[node] = missingLeft ? 1 : 0
    return left
  }

  inputOf(node: number): number {
    return this.input[node]!
  }

  thresholdOf(node: number): number {
    return this.threshold[node]!
  }

  leftOf(node: number): number {
    return this.left[node]!
  }

  missingGoesLeft(node: number): boolean {
    return this.missingLeft[node] === 1
  }

  valueOf(node: number): number {
    return this.value[node]!
  }

  setValue(node: number, value: number): void {
    this.value[node] = value
  }

  /** The nodes of the first `trees` trees. */
  done(trees = this.roots.length): TreeNodes {
    const size = this.roots[trees] ?? this.used
    return {
      roots: Int32Array.from(this.roots.slice(0, trees)),
      input: this.input.slice(0, size),
      threshold: this.threshold.slice(0, size),
      left: this.left.slice(0, size),
      missingLeft: this.missingLeft.slice(0, size),
      value: this.value.slice(0, size),
      cover: this.cover.slice(0, size),
    }
  }

  private add(cover: number): number {
    if (this.used === this.input.length) this.grow()
    this.input[this.used] = -1
    this.cover[this.used] = cover
    return this.used++
  }

  private grow(): void {
    const room = this.used * 2
    this.input = enlarged(this.input, new Int32Array(room))
    this.threshold = enlarged(this.threshold, new Float64Array(room))
    this.left = enlarged(this.left, new Int32Array(room))
    this.missingLeft = enlarged(this.missingLeft, new Uint8Array(room))
    this.value = enlarged(this.value, new Float64Array(room))
    this.cover = enlarged(this.cover, new Float64Array(room))
  }
}

function enlarged<T extends Int32Array | Float64Array | Uint8Array>(from: T, to: T): T {
  to.set(from)
  return to
}
