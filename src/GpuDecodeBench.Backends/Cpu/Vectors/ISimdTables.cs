namespace GpuDecodeBench.Backends.Cpu.Vectors;

/// <summary>
/// A SIMD path's tables of sixteen floats, each a whole number times a scale, in whatever form the path looks them up best.
/// </summary>
/// <typeparam name="TVector">The register.</typeparam>
/// <typeparam name="TTable">A table.</typeparam>
internal interface ISimdTables<TVector, TTable> : ISimd<TVector>
    where TVector : struct
    where TTable : struct
{
    /// <summary>A table of whole constants from −112 to 127, with a scale of one.</summary>
    static abstract TTable Table(
        float v0,
        float v1,
        float v2,
        float v3,
        float v4,
        float v5,
        float v6,
        float v7,
        float v8,
        float v9,
        float v10,
        float v11,
        float v12,
        float v13,
        float v14,
        float v15
    );

    /// <summary>The table with a whole number from 0 to 15 taken from every entry, before it is scaled.</summary>
    static abstract TTable TableLess(TTable table, int number);

    /// <summary>The table with every entry times a scale that is the same in all lanes; once for a table.</summary>
    static abstract TTable TableTimes(TTable table, TVector scale);

    /// <summary>Lane j gets the table's entry at the low four bits of lane j of <paramref name="indices"/>; other bits do not matter.</summary>
    static abstract TVector LookUp(TTable table, TVector indices);
}
