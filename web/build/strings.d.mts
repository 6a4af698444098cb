export declare function sources(): Promise<string[]>;
export declare function collect(): Promise<{ messages: Record<string, string>; contradictions: string[] }>;
export declare const catalogue: string;
