export { type ModelData, readModel, writeModel } from './model-file.ts'
