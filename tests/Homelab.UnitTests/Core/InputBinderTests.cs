using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Homelab.UnitTests.Core;

public sealed class InputBinderTests
{
    private static readonly InputShape s_shape = InputShape.Of(typeof(Sample));

    [Fact]
    public void A_whole_input_is_read()
    {
        var input = Bind("""{"container":"gitea@dev","timeout":"30s","count":3,"tail":true,"mode":"loud","names":["a","b"]}""");
        Assert.Equal(new ContainerRef("gitea@dev"), input.Container);
        Assert.Equal(TimeSpan.FromSeconds(30), input.Timeout);
        Assert.Equal(3, input.Count);
        Assert.True(input.Tail);
        Assert.Equal(Mode.Loud, input.Mode);
        Assert.Equal(["a", "b"], input.Names);
    }

    [Fact]
    public void What_is_not_given_keeps_the_records_own_default() => Assert.Equal(TimeSpan.FromMinutes(1), Bind("""{"container":"x1"}""").Timeout);

    [Theory]
    [InlineData("""{"container":"x1","contianer":"y1"}""", "contianer", "is not a field", "Did you mean 'container'?")]
    [InlineData("""{}""", "container", "is missing", "container")]
    [InlineData("""{"container":null}""", "container", "is null", "container")]
    [InlineData("""{"container":5}""", "container", "is not a text that names a container", "Give")]
    [InlineData("""{"container":"-rf"}""", "container", "is not a container name", "Give")]
    [InlineData("""{"container":"x1","count":"3"}""", "count", "is not a whole number", "Give")]
    [InlineData("""{"container":"x1","count":2.5}""", "count", "is not a whole number", "Give")]
    [InlineData("""{"container":"x1","count":99}""", "count", "from 1 to 10", "count")]
    [InlineData("""{"container":"x1","timeout":30}""", "timeout", "is not a duration", "\"30s\"")]
    [InlineData("""{"container":"x1","timeout":"3h"}""", "timeout", "from 1s to 10m", "wait")]
    [InlineData("""{"container":"x1","mode":"shrill"}""", "mode", "is not one of", "loud")]
    [InlineData("""{"container":"x1","mode":"1"}""", "mode", "is not one of", "loud")]
    [InlineData("""{"container":"x1","tail":"yes"}""", "tail", "is not true or false", "Give")]
    [InlineData("""{"container":"x1","names":"a"}""", "names", "is not a list", "Give")]
    [InlineData("""{"container":"x1","container":"y1"}""", "container", "is given twice", "once")]
    [InlineData("""[1]""", "(input)", "is not an object", "JSON object")]
    public void A_mistake_names_the_field_the_reason_and_the_way_out(string json, string field, string reason, string wayOut)
    {
        var problem = Assert.Single(Problems(json));
        Assert.Equal(field, problem.Field);
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
        Assert.Contains(wayOut, problem.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("""{"thing":"a"}""", "a")]
    [InlineData("""{"thing":["a","b"]}""", "a,b")]
    public void One_subject_of_several_may_stand_alone(string json, string things) =>
        Assert.Equal(things, string.Join(',', ((Things)InputShape.Of(typeof(Things)).Bind(JsonSerializer.Deserialize<JsonElement>(json))).Thing));

    [Fact]
    public void A_subject_of_another_kind_is_no_list_of_one() =>
        Assert.Contains("is not a list", Assert.Throws<InputException>(static () => InputShape.Of(typeof(Things)).Bind(JsonSerializer.Deserialize<JsonElement>("""{"thing":5}"""))).Message, StringComparison.Ordinal);

    [Fact]
    public void All_mistakes_are_found_at_once() => Assert.Equal(4, Problems("""{"count":0,"mode":1,"nmaes":[]}""").Count);

    [Fact]
    public void A_long_value_is_shortened_in_the_message()
    {
        var problem = Assert.Single(Problems($$"""{"container":"x1","count":"{{new string('9', 10_000)}}"}"""));
        Assert.InRange(problem.ToString().Length, 1, 300);
    }

    [Theory]
    [InlineData("""{"vm":"100","memory":4294967296}""")]
    [InlineData("""{"vm":100,"memory":"4GiB"}""")]
    public void Bytes_may_be_a_size_and_a_reference_may_be_its_number(string json)
    {
        var input = (SizedInput)InputShape.Of(typeof(SizedInput)).Bind(JsonDocument.Parse(json).RootElement);
        Assert.Equal((new VmRef("100"), 4L << 30), (input.Vm, input.Memory));
    }

    [Fact]
    public void What_is_no_size_is_told_how_sizes_are_written()
    {
        var e = Assert.Throws<InputException>(() => InputShape.Of(typeof(SizedInput)).Bind(JsonDocument.Parse("""{"vm":"dev","memory":"much"}""").RootElement));
        Assert.Contains("4GiB", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_written_input_reads_back_as_itself()
    {
        var input = Bind("""{"container":"gitea@dev","timeout":"90s","names":["a"]}""");
        Assert.Equal(s_shape.Write(input).ToJsonString(), s_shape.Write(Bind(s_shape.Write(input).ToJsonString())).ToJsonString());
    }

    [Fact]
    public void The_hash_changes_with_operation_and_input_and_with_nothing_else()
    {
        var one = s_shape.Hash("a_b_c", Bind("""{"container":"x1","count":3}"""));
        Assert.Equal(one, s_shape.Hash("a_b_c", Bind("""{"count":3,"container":"x1"}""")));
        Assert.NotEqual(one, s_shape.Hash("a_b_d", Bind("""{"container":"x1","count":3}""")));
        Assert.NotEqual(one, s_shape.Hash("a_b_c", Bind("""{"container":"x1","count":4}""")));
    }

    private static Sample Bind(string json)
    {
        using var document = JsonDocument.Parse(json);
        return (Sample)s_shape.Bind(document.RootElement);
    }

    private static IReadOnlyList<InputProblem> Problems(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Assert.Throws<InputException>(() => s_shape.Bind(document.RootElement)).Problems;
    }

    public enum Mode
    {
        Quiet,
        Loud,
    }

    public sealed record Sample
    {
        [Subject, Description("The container.")]
        public required ContainerRef Container { get; init; }

        [Description("How long to wait."), DurationRange("1s", "10m")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

        [Description("A count."), Range(1, 10)]
        public int Count { get; init; } = 1;

        [Description("A flag.")]
        public bool Tail { get; init; }

        [Description("A mode.")]
        public Mode Mode { get; init; }

        [Description("Some names.")]
        public IReadOnlyList<string> Names { get; init; } = [];
    }

    private sealed record SizedInput
    {
        [Description("The guest.")]
        public required VmRef Vm { get; init; }

        [Bytes, Description("Bytes.")]
        public long Memory { get; init; }
    }

    private sealed record Things
    {
        [Subject]
        [Description("Some things.")]
        public IReadOnlyList<string> Thing { get; init; } = [];
    }
}
