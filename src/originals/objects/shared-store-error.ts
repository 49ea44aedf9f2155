import { StoreError } from '../../errors/store-error.ts'

/** The store that machines share can't be used; says nothing about the disk of this one. */
export class SharedStoreError extends StoreError {}
