using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>The power of a device by part, with the formats that are planned or with narrower ones.</summary>
/// <param name="Id">Its name for programs.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Evaluation">The evaluated <see cref="Physics.PowerEquations"/>.</param>
public sealed record PowerVariant(string Id, string Name, Evaluation Evaluation);
