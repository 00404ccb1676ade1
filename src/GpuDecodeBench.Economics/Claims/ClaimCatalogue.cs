namespace GpuDecodeBench.Economics.Claims;

/// <summary>The published figures that are audited, from the embedded <c>Data/claims.json</c>.</summary>
public static class ClaimCatalogue
{
    private const string Resource = "GpuDecodeBench.Economics.Data.claims.json";

    private static readonly Lazy<ClaimSet> s_all = new(() => ClaimSet.Parse(ReadText()));

    /// <summary>All of them.</summary>
    public static ClaimSet All => s_all.Value;

    /// <summary>The text of the file.</summary>
    public static string ReadText()
    {
        using Stream stream =
            typeof(ClaimCatalogue).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks {Resource}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
