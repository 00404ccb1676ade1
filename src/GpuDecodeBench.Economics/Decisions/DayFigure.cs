namespace GpuDecodeBench.Economics.Decisions;

/// <summary>A published figure of a day.</summary>
/// <param name="Symbol">The symbol of <see cref="DayEquations"/>.</param>
/// <param name="Value">The value, in the symbol's unit.</param>
/// <param name="Note">What else a reader should know; null where there is nothing.</param>
public sealed record DayFigure(string Symbol, double Value, string? Note = null);
