export { type TestChannel, type TestConversion, type TestFile, type TestGroup, writeMdf } from './write-mdf.ts'
