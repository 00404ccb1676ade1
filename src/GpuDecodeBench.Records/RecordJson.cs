using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>
/// The source-generated serialiser of run records. It cannot fill init-only extension data, which is why every
/// <c>UnknownFields</c> has a setter.
/// </summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(RunRecord))]
internal sealed partial class RecordJson : JsonSerializerContext
{
    /// <summary>Levels of nesting that a record may have, unknown fields included.</summary>
    public const int MaxDepth = 64;

    /// <summary>
    /// The one serialiser of this library: indented, LF, nulls left out, text readable (a page that embeds a record must escape
    /// it itself), doubles in their shortest form that reads back exactly.
    /// </summary>
    public static RecordJson Strict { get; } = new(OptionsWith(JsonNumberHandling.Strict));

    /// <summary>As <see cref="Strict"/>, but writes NaN and infinities as text, so that the reader's check can name their field.</summary>
    public static RecordJson Lenient { get; } = new(OptionsWith(JsonNumberHandling.AllowNamedFloatingPointLiterals));

    private static JsonSerializerOptions OptionsWith(JsonNumberHandling numbers) =>
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectNullableAnnotations = true,
            NumberHandling = numbers,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            WriteIndented = true,
            IndentSize = 2,
            NewLine = "\n",
            MaxDepth = MaxDepth,
        };
}
