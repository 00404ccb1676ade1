using System.Text.Json;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Claims;

/// <summary>Claims that belong together, with the documents and sources that they name; valid by construction.</summary>
public sealed class ClaimSet
{
    private readonly Dictionary<string, Claim> _byId;

    private ClaimSet(
        IReadOnlyList<ClaimDocument> documents,
        IReadOnlyList<ClaimSource> sources,
        IReadOnlyList<Claim> claims
    )
    {
        Documents = documents;
        Sources = sources;
        Claims = claims;
        _byId = claims.ToDictionary(claim => claim.Id, StringComparer.Ordinal);
    }

    /// <summary>The documents, in the order of the file.</summary>
    public IReadOnlyList<ClaimDocument> Documents { get; }

    /// <summary>The sources of correct inputs that are in no catalogue.</summary>
    public IReadOnlyList<ClaimSource> Sources { get; }

    /// <summary>The claims, in the order of the file.</summary>
    public IReadOnlyList<Claim> Claims { get; }

    /// <summary>A claim by its id; null where there is none.</summary>
    /// <param name="id">The id.</param>
    public Claim? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The same set with one claim changed.</summary>
    /// <param name="claim">The claim, with the id of the one whose place it takes.</param>
    /// <exception cref="InputException">There is no claim of this id, or the changed one is not valid.</exception>
    public ClaimSet With(Claim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        if (Find(claim.Id) is null)
        {
            throw new InputException($"There is no claim {claim.Id}.");
        }

        return Create(Documents, Sources, [.. Claims.Select(old => old.Id == claim.Id ? claim : old)]);
    }

    /// <summary>Reads a claims file (docs/claims.md).</summary>
    /// <param name="json">The text of the file.</param>
    /// <exception cref="InputException">It is not accepted; the sentence names the claim and what is wrong with it.</exception>
    public static ClaimSet Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return ClaimReader.Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new InputException($"The claims are no JSON: {exception.Message.TrimEnd('.')}.", exception);
        }
    }

    /// <summary>Puts a set together.</summary>
    /// <exception cref="InputException">A claim is not valid.</exception>
    internal static ClaimSet Create(
        IReadOnlyList<ClaimDocument> documents,
        IReadOnlyList<ClaimSource> sources,
        IReadOnlyList<Claim> claims
    )
    {
        ClaimRules.Check(documents, sources, claims);
        return new ClaimSet(documents, sources, claims);
    }
}
