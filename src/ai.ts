/**
 * Image models of the AI SDK as providers.
 * @module
 */

export { type AiSdkOptions, aiSdk } from './provider/ai-sdk/ai-sdk.ts'
export type {
  AiSdkImageCall,
  AiSdkImageModel,
  AiSdkImageResult,
} from './provider/ai-sdk/ai-sdk-model.ts'
