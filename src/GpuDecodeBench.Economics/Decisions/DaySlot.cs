namespace GpuDecodeBench.Economics.Decisions;

/// <summary>An input of a day's profit and loss.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Name">What it is.</param>
/// <param name="Unit">The unit.</param>
/// <param name="IsNeeded">Whether the result depends on it; the others only check the rest.</param>
public sealed record DaySlot(string Symbol, string Name, string Unit, bool IsNeeded);
