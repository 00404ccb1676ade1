using System.Collections.Immutable;
using System.Text.Json;
using GpuDecodeBench.Workload.Models.HuggingFace;

namespace GpuDecodeBench.Workload.Models;

/// <summary>The models known by name, from the embedded <c>Data/models.json</c>.</summary>
public static class ModelCatalogue
{
    private const string Resource = "GpuDecodeBench.Workload.Data.models.json";
    private const int SuggestedNames = 3;

    private static readonly Lazy<ImmutableArray<CatalogueEntry>> s_entries = new(Load);

    /// <summary>All models with their sources, in the order in which they are listed.</summary>
    public static IReadOnlyList<CatalogueEntry> Entries => s_entries.Value;

    /// <summary>All shapes, in the order in which they are listed.</summary>
    public static IReadOnlyList<ModelShape> All => [.. s_entries.Value.Select(entry => entry.Shape)];

    /// <summary>The model of a name, whatever its case.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InputException">No model has this name; the message suggests the nearest ones.</exception>
    public static ModelShape Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Entry(name)?.Shape ?? throw Unknown(name);
    }

    /// <summary>
    /// The model of a catalogue name, of the path of a <c>config.json</c> (whatever it is called), or of a directory that holds one. A
    /// name in the catalogue goes before a file of the same name, which <c>./</c> before it still reaches.
    /// </summary>
    /// <param name="nameOrPath">The name or path.</param>
    /// <exception cref="InputException">There is no such model or file, or the file is not accepted.</exception>
    public static ModelShape Resolve(string nameOrPath)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        if (Entry(nameOrPath) is CatalogueEntry entry)
        {
            return entry.Shape;
        }

        if (Directory.Exists(nameOrPath))
        {
            return HuggingFaceConfigReader.ReadFile(Path.Combine(nameOrPath, "config.json"));
        }

        return File.Exists(nameOrPath) || LooksLikePath(nameOrPath)
            ? HuggingFaceConfigReader.ReadFile(nameOrPath)
            : throw Unknown(nameOrPath);
    }

    private static CatalogueEntry? Entry(string name) =>
        s_entries.Value.FirstOrDefault(entry => string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether what is not there must have been meant as a file; a Hub id such as <c>org/name</c> is not.</summary>
    private static bool LooksLikePath(string text) =>
        text.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith('.')
        || text.StartsWith('~')
        || text.Contains('\\', StringComparison.Ordinal)
        || Path.IsPathRooted(text);

    private static InputException Unknown(string name)
    {
        // Of a Hub id, the part after the organisation is what resembles a name here.
        string wanted = name[(name.LastIndexOf('/') + 1)..].ToLowerInvariant();
        IEnumerable<string> nearest = s_entries
            .Value.Where(entry => !entry.IsSynthetic || EditDistance.Between(wanted, entry.Name) <= 1)
            .OrderBy(entry => EditDistance.Between(wanted, entry.Name))
            .Select(entry => entry.Name)
            .Take(SuggestedNames);
        return new InputException(
            $"No model is named \"{MessageText.Shorten(name)}\"; the nearest names are {string.Join(", ", nearest)}, the command"
                + " models lists all, and the path of a config.json is accepted too."
        );
    }

    private static ImmutableArray<CatalogueEntry> Load()
    {
        using Stream stream = typeof(ModelCatalogue).Assembly.GetManifestResourceStream(Resource)!;
        using var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.GetProperty("models").EnumerateArray().Select(element => Read(element))];
    }

    private static CatalogueEntry Read(JsonElement element)
    {
        string name = element.GetProperty("name").GetString()!;
        string source = element.GetProperty("source").GetString()!;
        long? parameters = element.TryGetProperty("publishedParameters", out JsonElement count)
            ? count.GetInt64()
            : null;
        var config = new ConfigObject(element.GetProperty("config"), $"models.json ({name})");
        return new CatalogueEntry
        {
            Name = name,
            HuggingFaceId = OptionalText(element, "huggingFaceId"),
            Source = source,
            CheckedAgainst = OptionalText(element, "checkedAgainst"),
            ParametersSource = OptionalText(element, "parametersSource"),
            Shape = ArchitectureConfigs.Read(config, new ConfigOrigin(name, source, parameters)),
        };
    }

    private static string? OptionalText(JsonElement element, string key) =>
        element.TryGetProperty(key, out JsonElement value) ? value.GetString() : null;
}
