using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>A way to run a step that takes more than the memory holds.</summary>
/// <param name="Id">Its name for programs.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Devices">Devices of an instance.</param>
/// <param name="Seconds">The step, in seconds; null where it is not known.</param>
/// <param name="UsdPerMillionTokens">Dollars of a million output tokens; null where they are not known.</param>
/// <param name="Note">What it rests on, or why it is no way.</param>
public sealed record BeyondMemory(
    string Id,
    string Name,
    int Devices,
    double? Seconds,
    double? UsdPerMillionTokens,
    string Note
);
