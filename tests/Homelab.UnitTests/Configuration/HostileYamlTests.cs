using System.Text;

namespace Homelab.UnitTests.Configuration;

/// <summary>Texts that are no YAML, or that are made to cost more than they should.</summary>
public sealed class HostileYamlTests
{
    [Theory]
    [InlineData("services:\n§\tgitea: {}", "is indented with a tab")]
    [InlineData("services:\n  a: {}\n   §\tb: {}", "is indented with a tab")]
    [InlineData("services: {\n§", "is not valid YAML here")]
    [InlineData("services:\n  a: §\"open\n", "is not valid YAML here")]
    [InlineData("services:\n  a: {}\n §b: {}", "is not valid YAML here")]
    [InlineData("services:\n  a: {}\n§\tb: {}", "is indented with a tab")]
    [InlineData("services: §[ b\nc: d", "is not valid YAML after this place")]
    [InlineData("services: §@x", "is not valid YAML here")]
    [InlineData("hosts:\n  a: { address: x }§}", "is not valid YAML here")]
    [InlineData("server: a§: b", "is not valid YAML here")]
    [InlineData("server: a§\u0007b", "holds the control character U+0007")]
    [InlineData("server: {}§\0 the rest would be lost", "holds the control character U+0000")]
    public void Bad_yaml_is_one_problem_with_its_place(string sections, string reason)
    {
        var (text, line, column) = LabFolder.Unmark(LabFolder.Head + sections);
        using var folder = new LabFolder();
        var problem = Assert.Single(folder.Write("lab.yaml", text).Problems());
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
        Assert.Equal((line, column), (problem.Position.Line, problem.Position.Column));
    }

    [Fact]
    public void Aliases_of_aliases_do_not_become_a_million_values()
    {
        var bomb = new StringBuilder("services:\n  a0: &a0 { dependsOn: [ x, x, x, x, x, x, x, x, x ] }\n");
        for (var i = 1; i < 12; i++) bomb.Append("  a").Append(i).Append(": &a").Append(i).Append(" [ ").AppendJoin(", ", Enumerable.Repeat($"*a{i - 1}", 9)).Append(" ]\n");
        var problem = Assert.Single(LabFolder.ProblemsOf(bomb.ToString()));
        Assert.Contains("aliases written out", problem.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_cannot_be_stacked_deeper_than_the_limit()
    {
        var tower = new StringBuilder("services:\n  a0: &a0 [ x ]\n");
        for (var i = 1; i < 100; i++) tower.Append("  a").Append(i).Append(": &a").Append(i).Append(" [ *a").Append(i - 1).Append(" ]\n");
        Assert.Contains("levels deep", Assert.Single(LabFolder.ProblemsOf(tower.ToString())).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alias_of_what_it_stands_in_is_told() =>
        Assert.Contains("no such anchor comes before it", LabFolder.ProblemsOf("services: &s\n  a: *s\n")[0].Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void A_text_of_brackets_alone_ends_at_the_depth_limit(char bracket) =>
        Assert.Contains("levels deep", Assert.Single(LabFolder.ProblemsOf("services: " + new string(bracket, 900_000))).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a: ")]
    [InlineData("&a ")]
    [InlineData("!")]
    [InlineData("'")]
    [InlineData("\"\\x")]
    [InlineData(": ")]
    [InlineData("%a\n")]
    [InlineData("---\n")]
    [InlineData("[a,")]
    [InlineData("*a,")]
    [InlineData("a:\n")]
    [InlineData("x ")]
    [InlineData("#\n ")]
    [InlineData("|\n ")]
    public void A_megabyte_of_one_mark_is_refused(string mark)
    {
        using var folder = new LabFolder();
        Assert.NotEmpty(folder.Write("lab.yaml", string.Concat(Enumerable.Repeat(mark, 1_000_000 / mark.Length))).Problems());
    }

    [Fact]
    public void A_file_of_more_than_a_mebibyte_is_refused() =>
        Assert.Contains("larger than 1 MiB", Assert.Single(LabFolder.ProblemsOf(new string('#', 1 << 20))).Reason, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_utf8_is_refused()
    {
        using var folder = new LabFolder();
        File.WriteAllBytes(Path.Join(folder.Root, "lab.yaml"), [0x61, 0xFF, 0xFE]);
        Assert.Contains("is not UTF-8: byte 2", Assert.Single(folder.Problems()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flood_of_mistakes_is_cut_and_counted()
    {
        var problems = LabFolder.ProblemsOf(string.Concat(Enumerable.Range(0, 5_000).Select(static i => $"wrong{i}: x\n")));
        Assert.Equal(201, problems.Count);
        Assert.Equal("has 4800 more mistakes from here on", problems[^1].Reason);
    }

    [Fact]
    public void A_flood_of_unknown_names_is_read_in_time()
    {
        var sections = "services:\n" + string.Concat(Enumerable.Range(0, 8_000).Select(static i => $"  service{i}: {{ dependsOn: [ servicex{i} ] }}\n"));
        Assert.Equal(201, LabFolder.ProblemsOf(sections).Count);
    }

    [Theory]
    [InlineData("access: { mcp: VALUE }")]
    [InlineData("services: { a: { container: VALUE } }")]
    [InlineData("services: { a: { check: { http: VALUE } } }")]
    [InlineData("services: { a: { dependsOn: [ VALUE ] } }")]
    [InlineData("include: [ VALUE ]")]
    public void A_long_value_is_shortened_in_the_message(string sections)
    {
        var problem = Assert.Single(LabFolder.ProblemsOf(sections.Replace("VALUE", new string('x', 5_000), StringComparison.Ordinal)));
        Assert.InRange(problem.ToString().Length, 1, 400);
    }
}
