import { meanDepth } from '../isolation/mean-depth.ts'
import type { IsolationModel } from '../isolation/model.ts'
import type { LinearModel } from '../linear/model.ts'
import type { NetworkModel } from '../network/model.ts'
import type { PcaModel } from '../pca/pca.ts'
import type { Construct } from '../tabular/construct.ts'
import type { TabularModel } from '../tabular/model.ts'
import type { TreeModel } from '../trees/model.ts'
import { OnnxGraph } from './graph.ts'
import { treeNode } from './tree-node.ts'

/** Output `value` [rows, 1], or `probability` [rows, 1 for two classes, else classes]. */
export function treesToOnnx(model: TreeModel): Uint8Array {
  const graph = new OnnxGraph(model.names.length)
  const name = model.task.kind === 'squared' || model.task.kind === 'quantile' ? 'value' : 'probability'
  return graph.done([[name, trees(graph, 'input', model), model.base.length]])
}

/** Output `score` [rows, 1]. */
export function isolationToOnnx({ names, nodes, sample }: IsolationModel): Uint8Array {
  const graph = new OnnxGraph(names.length)
  const depth = treeNode(graph, 'input', nodes, 1)
  const factor = graph.constant([-1 / (nodes.roots.length * meanDepth(sample))], [])
  const score = graph.node('Pow', [graph.constant([2], []), graph.node('Mul', [depth, factor])])
  return graph.done([['score', score, 1]])
}

/** Output `value` or, with the logistic link, `probability` [rows, 1]. */
export function linearToOnnx({ names, weights, intercept, link }: LinearModel): Uint8Array {
  const graph = new OnnxGraph(names.length)
  const product = graph.node('MatMul', ['input', graph.constant(weights, [names.length, 1])])
  const sum = graph.node('Add', [product, graph.constant([intercept], [])])
  if (link === 'identity') return graph.done([['value', sum, 1]])
  return graph.done([['probability', graph.node('Sigmoid', [sum]), 1]])
}

/** Outputs `scores` [rows, components] and `restored` [rows, inputs]: the row that has these scores. */
export function pcaToOnnx({ names, mean, scale, components }: PcaModel): Uint8Array {
  const inputs = names.length
  const kept = components.length / inputs
  const graph = new OnnxGraph(inputs)
  const loadings = graph.constant(components, [kept, inputs])
  const [middle, by] = [graph.constant(mean, [inputs]), graph.constant(scale, [inputs])]
  const centred = graph.node('Div', [graph.node('Sub', ['input', middle]), by])
  const scores = graph.node('MatMul', [centred, graph.node('Transpose', [loadings], { perm: { ints: [1, 0] } })])
  const back = graph.node('Add', [graph.node('Mul', [graph.node('MatMul', [scores, loadings]), by]), middle])
  return graph.done([
    ['scores', scores, kept],
    ['restored', back, inputs],
  ])
}

/** Output `value` [rows, outputs]. */
export function networkToOnnx(model: NetworkModel): Uint8Array {
  const { layers, activation, names, outputs } = model
  const graph = new OnnxGraph(names.length)
  const row = (values: Float64Array) => graph.constant(values, [values.length])
  let from = graph.node('Div', [graph.node('Sub', ['input', row(model.inputMean)]), row(model.inputScale)])
  layers.forEach(({ inputs, outputs: units, weights, bias }, at) => {
    const transposed = Float64Array.from(
      weights,
      (_, place) => weights[(place % units) * inputs + Math.floor(place / units)]!,
    )
    const product = graph.node('MatMul', [from, graph.constant(transposed, [inputs, units])])
    from = graph.node('Add', [product, row(bias)])
    if (at < layers.length - 1) from = graph.node(activation === 'relu' ? 'Relu' : 'Tanh', [from])
  })
  const value = graph.node('Add', [graph.node('Mul', [from, row(model.outputScale)]), row(model.outputMean)])
  return graph.done([['value', value, outputs.length]])
}

/** Output `value` or `probability`, as the predictor's `table`; the inputs are those before any are constructed. */
export function tabularToOnnx(model: TabularModel): Uint8Array {
  const { names, constructs, models, task } = model
  const graph = new OnnxGraph(names.length)
  const made = constructs.map((each) => constructed(graph, each))
  const all = made.length === 0 ? 'input' : graph.node('Concat', ['input', ...made], { axis: { int: 1 } })
  // ONNX Runtime's Mean takes no doubles.
  const sum = models.map((each) => trees(graph, all, each)).reduce((a, b) => graph.node('Add', [a, b]))
  const mean = graph.node('Mul', [sum, graph.constant([1 / models.length], [])])
  return graph.done([[task.kind === 'regression' ? 'value' : 'probability', mean, models[0]!.base.length]])
}

function trees(graph: OnnxGraph, input: string, { nodes, base, task }: TreeModel): string {
  const outputs = base.length
  const raw = graph.node('Add', [treeNode(graph, input, nodes, outputs), graph.constant(base, [outputs])])
  if (task.kind === 'binary') return graph.node('Sigmoid', [raw])
  return task.kind === 'multiclass' ? graph.node('Softmax', [raw], { axis: { int: 1 } }) : raw
}

function constructed(graph: OnnxGraph, { kind, a, b }: Construct): string {
  const [x, y] = [a, b].map((at) => graph.node('Gather', ['input', graph.indices([at])], { axis: { int: 1 } }))
  if (kind === 'product') return graph.node('Mul', [x!, y!])
  if (kind === 'difference') return graph.node('Sub', [x!, y!])
  const none = graph.node('Equal', [y!, graph.constant([0], [])])
  return graph.node('Where', [none, graph.constant([Number.NaN], []), graph.node('Div', [x!, y!])])
}
