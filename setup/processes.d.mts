export declare function processSpace(): string;
export declare function isAlive(pid: number): boolean;
export declare function startOf(pid: number): string | undefined;
