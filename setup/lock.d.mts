export interface Holder {
  readonly space: string;
  readonly processes: readonly { readonly pid: number; readonly start?: string }[];
}
export interface Look {
  readonly space: string;
  isAlive(pid: number): boolean;
  startOf(pid: number): string | undefined;
}
export declare function isHeld(holder: Holder | undefined, silentMs: number, look?: Look): boolean;
export declare function takeLock(file: string): Promise<{ noteChild(pid: number): void; release(): void }>;
