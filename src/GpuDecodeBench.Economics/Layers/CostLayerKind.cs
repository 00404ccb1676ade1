namespace GpuDecodeBench.Economics.Layers;

/// <summary>A layer of cost.</summary>
/// <param name="Id">Its name for programs.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Symbol">The symbol of its dollars per device and hour.</param>
public sealed record CostLayerKind(string Id, string Name, string Symbol)
{
    /// <summary>The symbol of its dollars per million output tokens.</summary>
    public string TokenSymbol => $"{Symbol}_mtok";

    /// <summary>The symbol of its dollars per million input tokens.</summary>
    public string InputTokenSymbol => $"{Symbol}_mtok_in";
}
