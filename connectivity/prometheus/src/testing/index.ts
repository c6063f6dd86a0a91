export { message, message2, pack, type SeriesToWrite } from './encode.ts'
