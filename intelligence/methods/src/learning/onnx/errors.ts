import { errorCatalogue } from '@millwright/foundation'

export const onnxErrors = errorCatalogue('ONNX', {
  unreadable: {
    number: 1,
    status: 422,
    text: 'This is no ONNX model, or it is damaged ({reason}). Export it again from where it was made.',
  },
  tooLarge: {
    number: 2,
    status: 413,
    text: 'The ONNX model has {size}, and {limit} are the most that is taken: export a smaller one.',
  },
  operator: {
    number: 3,
    status: 422,
    text: 'The ONNX model uses operators that are not known here ({operators}): export it with the standard operators of ai.onnx and ai.onnx.ml alone.',
  },
  external: {
    number: 4,
    status: 422,
    text: 'The ONNX model keeps its weights in other files ({names}): save it as one file, with the weights within.',
  },
  input: {
    number: 5,
    status: 422,
    text: 'The inputs of the ONNX model do not fit its manifest: {reason}.',
  },
  output: { number: 6, status: 422, text: 'The outputs of the ONNX model do not fit its manifest: {reason}.' },
  manifest: { number: 7, status: 422, text: 'The manifest of the ONNX model cannot be used: {reason}.' },
  run: { number: 8, status: 422, text: 'The ONNX model can be read but not run: {reason}.' },
})
