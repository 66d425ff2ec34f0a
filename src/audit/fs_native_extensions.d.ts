/** Types for the functions that we use; the package has none. */
declare module 'fs-native-extensions' {
  /** False when another open file holds the lock; on Windows it throws EBUSY instead. */
  export function tryLock(fd: number, offset: number, length: number): boolean;
  export function unlock(fd: number, offset: number, length: number): void;
}
