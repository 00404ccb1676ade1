using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Scenarios;

namespace GpuDecodeBench.Economics.Physics;

/// <summary>
/// How much of a device's memory a step may take: the one rule of all commands. The share is the scenario's <c>usable</c>; the rest is
/// what software takes for itself.
/// </summary>
public static class UsableMemory
{
    private const string Symbol = "usable";

    /// <summary>The share that is assumed where no scenario says anything.</summary>
    /// <param name="device">The device's name in the hardware catalogue; null where it is not in it.</param>
    public static double Assumed(string? device) => ShareOf(AssumptionCatalogue.Inputs(device is null ? [] : [device]));

    /// <summary>The share among a scenario's inputs.</summary>
    /// <param name="inputs">The inputs.</param>
    public static double ShareOf(IReadOnlyList<ModelInput> inputs) =>
        inputs.Single(input => input.Symbol == Symbol).BaseValue;

    /// <summary>The bytes that a step may take.</summary>
    /// <param name="memoryBytes">The device's memory.</param>
    /// <param name="share">The usable share of it.</param>
    public static long Bytes(long memoryBytes, double share) => (long)(memoryBytes * share);
}
