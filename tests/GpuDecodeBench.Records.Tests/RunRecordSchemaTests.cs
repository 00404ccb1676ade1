using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Records.Tests;

/// <summary>docs/run-record.schema.json says what the types and the reader say: no more, no less.</summary>
public sealed class RunRecordSchemaTests
{
    private static readonly JsonObject s_schema = Load();

    public static TheoryData<string> Types() => [.. RecordTypes.All().Select(type => type.Type.Name)];

    [Theory]
    [MemberData(nameof(Types))]
    public void FieldsAndRequiredFieldsAreTheTypes(string typeName)
    {
        JsonTypeInfo type = RecordTypes.All().Single(candidate => candidate.Type.Name == typeName);
        JsonObject schema = SchemaOf(type);
        JsonPropertyInfo[] properties = [.. type.Properties.Where(property => !property.IsExtensionData)];
        Assert.Equal(
            properties.Select(property => property.Name),
            schema["properties"]!.AsObject().Select(field => field.Key)
        );
        Assert.Equal(
            properties.Where(RecordStructure.IsRequired).Select(property => property.Name),
            schema["required"]!.AsArray().Select(name => name!.GetValue<string>())
        );
        Assert.True(schema["additionalProperties"]!.GetValue<bool>());
        foreach (JsonPropertyInfo property in properties)
        {
            JsonObject field = schema["properties"]![property.Name]!.AsObject();
            Assert.False(
                string.IsNullOrWhiteSpace(field["description"]?.GetValue<string>()),
                $"{typeName}.{property.Name} is not described."
            );
            string? problem = Compare(
                field,
                property.PropertyType,
                RecordStructure.IsNullable(property),
                property.Name
            );
            Assert.True(problem is null, $"{typeName}.{property.Name}: {problem}");
        }
    }

    [Fact]
    public void EveryDefinitionIsAType() =>
        Assert.Equal(
            RecordTypes
                .All()
                .Skip(1)
                .Select(type => JsonNamingPolicy.CamelCase.ConvertName(type.Type.Name))
                .Order(StringComparer.Ordinal),
            s_schema["$defs"]!.AsObject().Select(definition => definition.Key).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void NamesOfFormatsKindsAndVersionAreTheProgramsOwn()
    {
        JsonNode point = s_schema["$defs"]!["pointRecord"]!["properties"]!;
        Assert.Equal(FormatNames.WeightNames, Enumeration(point["weights"]!));
        Assert.Equal(FormatNames.WeightNames, Enumeration(point["lmHead"]!));
        Assert.Equal(FormatNames.KvNames, Enumeration(point["kv"]!));
        Assert.Equal(ProvenanceRules.Names, Enumeration(s_schema["$defs"]!["provenanceNote"]!["properties"]!["kind"]!));
        Assert.Equal(
            RunRecordStore.SchemaVersion,
            s_schema["properties"]!["schemaVersion"]!["const"]!.GetValue<string>()
        );
    }

    [Fact]
    public void AWrittenRecordIsValid() => Assert.Null(new SchemaValidator(s_schema).Validate(SampleRecords.Tree()));

    /// <summary>Records of another program, which this one's writer had no part in (benchmarks/peers/torch_peers.py).</summary>
    [Theory]
    [InlineData("step")]
    [InlineData("linear")]
    [InlineData("attention")]
    public void APeersRecordIsValid(string peer)
    {
        string path = Path.Combine(Root(), "tests", "Shared", "Peers", $"{peer}.json");
        Assert.Null(new SchemaValidator(s_schema).Validate(JsonNode.Parse(File.ReadAllText(path))!));
        Assert.StartsWith("pytorch peer", RunRecordStore.Read(path).Tool.Name, StringComparison.Ordinal);
    }

    /// <summary>Every field in turn is removed or given a strange value; what one side refuses of its form, so does the other.</summary>
    [Theory]
    [InlineData("remove")]
    [InlineData("null")]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("1.5")]
    [InlineData("1e30")]
    [InlineData("\"?\"")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("[]")]
    public void SchemaAndReaderRefuseTheSame(string change)
    {
        var validator = new SchemaValidator(s_schema);
        JsonObject sample = SampleRecords.Tree();
        int refused = 0;
        foreach (object[] route in JsonWalk.Routes(sample))
        {
            JsonNode tree = sample.DeepClone();
            if (change == "remove")
            {
                JsonWalk.Remove(tree, route);
            }
            else
            {
                JsonWalk.Replace(tree, route, JsonNode.Parse(change));
            }

            bool schemaRefuses = validator.Validate(tree) is not null;
            string place = string.Join('.', route);
            Assert.True(!schemaRefuses || ReaderRefuses(tree), $"{place}: only the schema refuses {change}.");
            Assert.True(schemaRefuses || !StructureRefuses(tree), $"{place}: only the reader refuses {change}.");
            refused += schemaRefuses ? 1 : 0;
        }

        Assert.True(refused > 20, $"Only {refused} changes were refused.");
    }

    private static bool ReaderRefuses(JsonNode tree)
    {
        try
        {
            SampleRecords.Parse(tree);
            return false;
        }
        catch (RecordFormatException)
        {
            return true;
        }
    }

    private static bool StructureRefuses(JsonNode tree)
    {
        using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetBytes(tree.ToJsonString()));
        try
        {
            RecordStructure.Check(document.RootElement, "run.json");
            return false;
        }
        catch (RecordFormatException)
        {
            return true;
        }
    }

    /// <summary>What the schema says of a field that the type does not; null where they agree.</summary>
    private static string? Compare(JsonObject field, Type type, bool nullable, string name)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        JsonTypeInfo info = RecordJson.Strict.Options.GetTypeInfo(plain);
        if (info.Kind == JsonTypeInfoKind.Object)
        {
            string reference = nullable
                ? field["anyOf"]![0]!["$ref"]!.GetValue<string>()
                : field["$ref"]!.GetValue<string>();
            bool nullToo = field["anyOf"]?[1]?["type"]?.GetValue<string>() == "null";
            return reference == $"#/$defs/{JsonNamingPolicy.CamelCase.ConvertName(plain.Name)}" && nullToo == nullable
                ? null
                : reference;
        }

        string expected = info.Kind switch
        {
            JsonTypeInfoKind.Enumerable => "array",
            JsonTypeInfoKind.Dictionary => "object",
            _ when plain == typeof(bool) => "boolean",
            _ when plain == typeof(double) => "number",
            _ when plain.IsPrimitive => "integer",
            _ => "string",
        };
        string written = nullable ? $"[\"{expected}\",\"null\"]" : $"\"{expected}\"";
        if (field["type"]!.ToJsonString() != written)
        {
            return $"type {field["type"]!.ToJsonString()}, not {written}";
        }

        if (info.ElementType is Type element)
        {
            return Compare(
                field[info.Kind == JsonTypeInfoKind.Enumerable ? "items" : "additionalProperties"]!.AsObject(),
                element,
                nullable: false,
                name
            );
        }

        return plain.IsPrimitive && plain != typeof(bool) ? CompareMinimum(field, name) : null;
    }

    private static string? CompareMinimum(JsonObject field, string name)
    {
        double? minimum = FieldLimits.MinimumOf(name, out bool exclusive);
        double? inclusiveInSchema = field["minimum"]?.GetValue<double>();
        double? exclusiveInSchema = field["exclusiveMinimum"]?.GetValue<double>();
        return inclusiveInSchema == (exclusive ? null : minimum) && exclusiveInSchema == (exclusive ? minimum : null)
            ? null
            : $"minimum {inclusiveInSchema}, exclusive {exclusiveInSchema}, but the reader's is {minimum}";
    }

    private static JsonObject SchemaOf(JsonTypeInfo type) =>
        type.Type == typeof(RunRecord)
            ? s_schema
            : s_schema["$defs"]![JsonNamingPolicy.CamelCase.ConvertName(type.Type.Name)]!.AsObject();

    private static string Enumeration(JsonNode field) =>
        string.Join(", ", field["enum"]!.AsArray().Select(name => name!.GetValue<string>()));

    private static JsonObject Load() =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Root(), "docs", "run-record.schema.json")))!.AsObject();

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "GpuDecodeBench.sln")))
        {
            directory = directory.Parent;
        }

        Assert.NotNull(directory);
        return directory.FullName;
    }
}
