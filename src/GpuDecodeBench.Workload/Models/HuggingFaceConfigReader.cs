using System.Text.Json;
using GpuDecodeBench.Workload.Models.HuggingFace;

namespace GpuDecodeBench.Workload.Models;

/// <summary>
/// Reads a Hugging Face <c>config.json</c> into a <see cref="ModelShape"/>. The file is taken as hostile: its size, depth, types
/// and ranges are bounded by <see cref="ConfigLimits"/> before anything is built from it, and every fault of its is an
/// <see cref="InputException"/> that names the file, the key, the value and what is accepted.
/// </summary>
public static class HuggingFaceConfigReader
{
    /// <summary>The <c>model_type</c> values that are read.</summary>
    public static IReadOnlyList<string> SupportedModelTypes { get; } =
    [.. ArchitectureConfigs.All.Select(architecture => architecture.ModelType)];

    /// <summary>
    /// Reads a file. The model is named after the directory where the file is called <c>config.json</c>, else after the file.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="InputException">The file cannot be read, or what it holds is not accepted.</exception>
    public static ModelShape ReadFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Read(ConfigFile.Read(path), path);
    }

    /// <summary>Reads a configuration that is already in memory.</summary>
    /// <param name="utf8Json">The text, UTF-8.</param>
    /// <param name="path">Where it comes from; names the model and stands in messages.</param>
    /// <exception cref="InputException">The text is not accepted.</exception>
    public static ModelShape Read(ReadOnlyMemory<byte> utf8Json, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string file = MessageText.OneLine(path);
        if (utf8Json.Length > ConfigLimits.MaxFileBytes)
        {
            throw new InputException(
                $"{file}: this file has {utf8Json.Length} bytes; at most {ConfigLimits.MaxFileBytes} are accepted."
            );
        }

        using JsonDocument document = StrictJson.ParseObject(utf8Json, file);
        return ArchitectureConfigs.Read(
            new ConfigObject(document.RootElement, file),
            new ConfigOrigin(ModelName(path), Source: path)
        );
    }

    private static string ModelName(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        if (!string.Equals(Path.GetFileName(path), "config.json", StringComparison.OrdinalIgnoreCase))
        {
            return name;
        }

        string? directory = Path.GetFileName(Path.GetDirectoryName(FullPath(path)));
        return string.IsNullOrEmpty(directory) ? name : directory;
    }

    private static string FullPath(string path)
    {
        try
        {
            return Path.GetFullPath(path);
        }
        catch (Exception e) when (e is ArgumentException or IOException or NotSupportedException)
        {
            return path;
        }
    }
}
