export function faintTexts(): string[];
export function sticksOut(): string;
export function showsFocus(): boolean;
export function focused(): string;
export function focusedLabel(): string;
export function whatRan(): unknown[];
export function groundColour(): string;
export function descriptionOf(element: unknown): string;
export function closesAndGoesOn(): Promise<unknown[]>;
