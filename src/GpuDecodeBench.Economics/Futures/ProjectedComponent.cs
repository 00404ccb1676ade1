namespace GpuDecodeBench.Economics.Futures;

/// <summary>A component of a projection that was printed.</summary>
/// <param name="Symbol">A symbol for the equations.</param>
/// <param name="Name">What it is.</param>
/// <param name="Share">Its share today, in per cent.</param>
/// <param name="FallLow">The least that it falls by a generation.</param>
/// <param name="FallHigh">The most.</param>
/// <param name="PrintedShare">The share that is printed for the later year, in per cent.</param>
public sealed record ProjectedComponent(
    string Symbol,
    string Name,
    double Share,
    double FallLow,
    double FallHigh,
    double PrintedShare
);
