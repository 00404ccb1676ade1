using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GpuDecodeBench.Records;

/// <summary>From bytes to a record: scan, recognise, compare with the types, deserialise, check the rules.</summary>
internal static class RecordReader
{
    /// <summary>Reads a record.</summary>
    /// <exception cref="RecordFormatException">The bytes are not a record that this version reads.</exception>
    public static RunRecord Parse(ReadOnlyMemory<byte> utf8Json, string name)
    {
        if (utf8Json.Length > RunRecordStore.MaxFileBytes)
        {
            throw TooLarge(name);
        }

        ReadOnlyMemory<byte> json = utf8Json.Span.StartsWith("\uFEFF"u8) ? utf8Json[3..] : utf8Json;
        RecordScanner.Scan(json.Span, name);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = RecordJson.MaxDepth });
            Recognise(document.RootElement, name);
            RecordStructure.Check(document.RootElement, name);
            RunRecord record = JsonSerializer.Deserialize(json.Span, RecordJson.Strict.RunRecord)!;
            RecordRules.Check(record, name);
            return record;
        }
        catch (Exception exception)
            when (exception is JsonException or ArgumentException or FormatException or InvalidOperationException)
        {
            // The checks before leave the deserialiser nothing to refuse; should it, its words are better than none.
            string words = FieldPath.Printable(exception.Message.Replace('\n', ' '));
            throw new RecordFormatException($"{name} cannot be read as a run record ({words}).", exception);
        }
    }

    /// <summary>The error for a file beyond the size limit.</summary>
    public static RecordFormatException TooLarge(string name) =>
        new($"{name} is larger than {RunRecordStore.MaxFileBytes >> 20} MiB, the most that a run record may take.");

    /// <summary>Tells a record of this version from one of a newer version and from anything else.</summary>
    private static void Recognise(JsonElement root, string name)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new RecordFormatException($"{name} is JSON but not a run record: it is not an object.");
        }

        bool versioned = root.TryGetProperty("schemaVersion", out JsonElement version);
        if (versioned && version.ValueKind == JsonValueKind.String && IsNewer(version.GetString()!))
        {
            throw new RecordFormatException(
                $"{name} was written by a newer version of the program: its schemaVersion is "
                    + $"\"{FieldPath.Printable(version.GetString()!)}\", and this version reads \"{RunRecordStore.SchemaVersion}\"."
            );
        }

        if (
            !RecordJson.Strict.RunRecord.Properties.Any(field => IsOwn(field) && root.TryGetProperty(field.Name, out _))
        )
        {
            throw new RecordFormatException(
                $"{name} is JSON but not a run record: it has none of a run record's fields (points, device, environment, …)."
            );
        }

        if (!versioned)
        {
            throw new RecordFormatException(
                $"{name}: schemaVersion is missing; the text \"{RunRecordStore.SchemaVersion}\" is required."
            );
        }

        if (version.ValueKind != JsonValueKind.String || version.GetString() != RunRecordStore.SchemaVersion)
        {
            throw new RecordFormatException(
                $"{name}: schemaVersion is {FieldPath.Printable(version.GetRawText())}; the text "
                    + $"\"{RunRecordStore.SchemaVersion}\" is required."
            );
        }
    }

    /// <summary>Whether a field tells a run record from other documents; names that any document may have do not.</summary>
    private static bool IsOwn(JsonPropertyInfo field) =>
        !field.IsExtensionData && field.Name is "environment" or "device" or "ceilings" or "points" or "startedUtc";

    /// <summary>Whether a version is a later one: a greater whole number, or this one with parts after a dot.</summary>
    private static bool IsNewer(string version)
    {
        string[] parts = version.Split('.');
        bool numbers = parts.All(part => part.Length > 0 && part.All(char.IsAsciiDigit));
        double known = double.Parse(RunRecordStore.SchemaVersion, CultureInfo.InvariantCulture);
        double first = numbers ? double.Parse(parts[0], CultureInfo.InvariantCulture) : 0;
        return first > known || (first == known && parts.Length > 1);
    }
}
