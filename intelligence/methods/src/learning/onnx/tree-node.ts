import type { TreeNodes } from '../trees/nodes.ts'
import { DOUBLE, type OnnxGraph } from './graph.ts'

/**
 * Trees as one TreeEnsembleRegressor (ai.onnx.ml 3), which takes thresholds and values as doubles; its result is a float, so what is added
 * to it (the base) is added behind, as double.
 * @returns the name of the sums, as double
 */
export function treeNode(graph: OnnxGraph, input: string, nodes: TreeNodes, outputs: number): string {
  const size = nodes.input.length
  const tree = new Int32Array(size)
  const first = new Int32Array(size)
  nodes.roots.forEach((root, at) => {
    const end = nodes.roots[at + 1] ?? size
    for (let node = root; node < end; node++) {
      tree[node] = at
      first[node] = root
    }
  })
  const all = Array.from(nodes.input.keys())
  const leaves = all.filter((node) => nodes.input[node]! < 0)
  const child = (node: number, side: number) => (nodes.input[node]! < 0 ? 0 : nodes.left[node]! + side - first[node]!)
  const place = (node: number) => node - first[node]!
  const sums = graph.node(
    'TreeEnsembleRegressor',
    [input],
    {
      n_targets: { int: outputs },
      nodes_treeids: { ints: tree },
      nodes_nodeids: { ints: all.map(place) },
      nodes_featureids: { ints: all.map((node) => Math.max(0, nodes.input[node]!)) },
      nodes_modes: { strings: all.map((node) => (nodes.input[node]! < 0 ? 'LEAF' : 'BRANCH_LEQ')) },
      nodes_values_as_tensor: { doubles: nodes.threshold },
      nodes_truenodeids: { ints: all.map((node) => child(node, 0)) },
      nodes_falsenodeids: { ints: all.map((node) => child(node, 1)) },
      nodes_missing_value_tracks_true: { ints: nodes.missingLeft },
      target_treeids: { ints: leaves.map((node) => tree[node]!) },
      target_nodeids: { ints: leaves.map(place) },
      target_ids: { ints: leaves.map((node) => tree[node]! % outputs) },
      target_weights_as_tensor: { doubles: Float64Array.from(leaves, (node) => nodes.value[node]!) },
    },
    'ai.onnx.ml',
  )
  return graph.node('Cast', [sums], { to: { int: DOUBLE } })
}
