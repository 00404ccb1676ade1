using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>The model whose decode step was executed.</summary>
public sealed record ModelInfo
{
    /// <summary>The model's name in the catalogue, or its file's.</summary>
    public required string Name { get; init; }

    /// <summary>The architecture, as <c>model_type</c> in a Hugging Face <c>config.json</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>Where the model's shape comes from: a page, or the path of a <c>config.json</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Layers of the whole model.</summary>
    public required int Layers { get; init; }

    /// <summary>Elements of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Rows of the embedding and of the LM head.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Parameters, counted from the shape.</summary>
    public required long Parameters { get; init; }

    /// <summary>Parameters as published; null where none are.</summary>
    public long? PublishedParameters { get; init; }

    /// <summary>The longest context that the model is made for, in tokens.</summary>
    public required int MaxContextTokens { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
