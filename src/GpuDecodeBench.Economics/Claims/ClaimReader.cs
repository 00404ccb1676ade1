using System.Text.Json;

namespace GpuDecodeBench.Economics.Claims;

/// <summary>Reads the form of a claims file; <see cref="ClaimRules"/> checks what it says.</summary>
internal static class ClaimReader
{
    public static ClaimSet Read(JsonElement root)
    {
        var file = new ClaimFields(root, "The claims file");
        _ = file.List("about");
        ClaimDocument[] documents = [.. file.List("documents").Select(ReadDocument)];
        ClaimSource[] sources = [.. file.List("sources").Select(ReadSource)];
        Claim[] claims = [.. file.List("claims").Select(ReadClaim)];
        file.Finish();
        return ClaimSet.Create(documents, sources, claims);
    }

    private static ClaimDocument ReadDocument(JsonElement element)
    {
        var fields = new ClaimFields(element, "A document");
        string key = fields.Text("key");
        fields.Name = $"The document {key}";
        var document = new ClaimDocument(
            key,
            fields.Text("title"),
            fields.OptionalText("author"),
            fields.OptionalText("note")
        );
        fields.Finish();
        return document;
    }

    private static ClaimSource ReadSource(JsonElement element)
    {
        var fields = new ClaimFields(element, "A source");
        string key = fields.Text("key");
        fields.Name = $"The source {key}";
        var source = new ClaimSource(key, fields.Text("title"), fields.Text("url"), fields.Text("date"));
        fields.Finish();
        return source;
    }

    private static Claim ReadClaim(JsonElement element)
    {
        var fields = new ClaimFields(element, "A claim");
        string id = fields.Text("id");
        fields.Name = $"The claim {id}";
        var claim = new Claim
        {
            Id = id,
            Document = fields.Text("document"),
            Place = fields.Text("place"),
            Statement = fields.Text("statement"),
            Given = fields.Text("given"),
            To = fields.OptionalText("to"),
            Unit = fields.Text("unit"),
            Approximate = fields.Flag("approximate"),
            RoundedTo = fields.OptionalNumber("roundedTo"),
            Computed = fields.Comparison("computed"),
            Inputs = [.. fields.List("inputs").Select(input => ReadInput(input, id))],
            Formula = fields.OptionalText("formula"),
            ConsistentWith = [.. fields.List("consistentWith").Select(relation => ReadRelation(relation, id))],
            NotCheckable = fields.OptionalText("notCheckable"),
            Remark = fields.OptionalText("remark"),
        };
        fields.Finish();
        return claim;
    }

    private static ClaimInput ReadInput(JsonElement element, string id)
    {
        var fields = new ClaimFields(element, $"An input of the claim {id}");
        string symbol = fields.Text("symbol");
        fields.Name = $"The input {symbol} of the claim {id}";
        var input = new ClaimInput
        {
            Symbol = symbol,
            Name = fields.Text("name"),
            Value = fields.Number("value"),
            Unit = fields.Text("unit"),
            Inferred = fields.OptionalText("inferred"),
            Correct = ReadCorrection(fields.Object("correct", $"The correct value of {symbol} in the claim {id}")),
        };
        fields.Finish();
        return input;
    }

    private static ClaimCorrection? ReadCorrection(ClaimFields? fields)
    {
        if (fields is null)
        {
            return null;
        }

        var correction = new ClaimCorrection(
            fields.OptionalText("reference"),
            fields.OptionalNumber("value"),
            fields.OptionalText("source")
        );
        fields.Finish();
        bool isReference = correction is { Reference: not null, Value: null, Source: null };
        bool isValue = correction is { Reference: null, Value: not null, Source: not null };
        return isReference || isValue
            ? correction
            : throw fields.Problem("needs either a \"reference\", or a \"value\" with its \"source\"");
    }

    private static ClaimRelation ReadRelation(JsonElement element, string id)
    {
        var fields = new ClaimFields(element, $"A relation of the claim {id}");
        var relation = new ClaimRelation(
            fields.Text("claim"),
            fields.OptionalText("formula") ?? ClaimRules.OtherSymbol,
            fields.Comparison("holds")
        );
        fields.Finish();
        return relation;
    }
}
