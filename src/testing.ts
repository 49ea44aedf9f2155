/**
 * Tests for authors of providers.
 * @module
 */

export type {
  ApiReply,
  ConformanceApi,
  ConformanceSubject,
} from './conformance/conformance-subject.ts'
export { type ConformanceTest, conformanceTests } from './conformance/conformance-tests.ts'
