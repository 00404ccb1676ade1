namespace GpuDecodeBench.Economics.Physics;

/// <summary>A part of a device that takes power.</summary>
/// <param name="Id">Its name for programs.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Symbol">The symbol of its watts in <see cref="PowerEquations"/>.</param>
/// <param name="Claims">
/// The published figures of the same part, by their ids in <see cref="GpuDecodeBench.Economics.Claims.ClaimCatalogue"/>, to be added up;
/// none where it has no counterpart.
/// </param>
public sealed record PowerPart(string Id, string Name, string Symbol, IReadOnlyList<string> Claims)
{
    /// <summary>The symbol of its energy of a token.</summary>
    public string EnergySymbol => $"{Symbol}_tok";
}
