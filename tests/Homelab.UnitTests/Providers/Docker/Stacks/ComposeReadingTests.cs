using System.Text.Json.Nodes;
using Homelab.Configuration;
using Homelab.Providers.Docker;

namespace Homelab.UnitTests.Providers.Docker.Stacks;

public sealed class ComposeReadingTests
{
    [Theory]
    [InlineData("privileged: true", "runs privileged")]
    [InlineData("privileged: ${P:-true}", "runs privileged")]
    [InlineData("network_mode: host", "network of its host")]
    [InlineData("network_mode: \"${MODE}\"", "network of its host")]
    [InlineData("pid: host", "processes of its host")]
    [InlineData("ipc: host", "memory of its host")]
    [InlineData("userns_mode: host", "accounts of its host")]
    [InlineData("volumes: [ '/:/host' ]", "the whole disk of its host")]
    [InlineData("volumes: [ '//:/host:ro' ]", "the whole disk of its host")]
    [InlineData("volumes: [ { type: bind, source: /, target: /host } ]", "the whole disk of its host")]
    [InlineData("volumes: [ '/var/run/docker.sock:/var/run/docker.sock' ]", "may command Docker")]
    [InlineData("volumes: [ { type: bind, source: /run/docker.sock, target: /s } ]", "may command Docker")]
    [InlineData("volumes: [ '~/.ssh:/s' ]", "has ~/.ssh of its host")]
    [InlineData("volumes: [ '../../etc:/s' ]", "has ../../etc of its host")]
    [InlineData("volumes: [ '${WHERE}:/s' ]", "has ${WHERE}:/s of its host")]
    [InlineData("use_api_socket: true", "may command Docker")]
    [InlineData("devices: [ /dev/kvm ]", "gets devices of its host (/dev/kvm)")]
    [InlineData("cap_add: [ SYS_ADMIN ]", "gets capabilities (SYS_ADMIN)")]
    [InlineData("security_opt: [ apparmor=unconfined ]", "what confines it")]
    [InlineData("build: .", "is built")]
    [InlineData("provider: { type: model }", "runs a program on its host")]
    [InlineData("env_file: /etc/shadow", "reads /etc/shadow of its host")]
    [InlineData("env_file: [ { path: ../other/.env } ]", "reads ../other/.env of its host")]
    [InlineData("extends: { file: /opt/x.yaml, service: a }", "reads /opt/x.yaml of its host")]
    [InlineData("post_start: [ { command: id, privileged: true } ]", "runs privileged at its start or end")]
    public void What_a_service_may_do_to_its_host_is_told(string setting, string told)
    {
        var reading = Read($"services:\n  web:\n    image: a\n    {setting}\n");

        Assert.Contains(reading.Concerns, c => c.StartsWith("web ", StringComparison.Ordinal) && c.Contains(told, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("include: [ ../x.yaml ]\nservices: { web: { image: a } }", "takes more from ../x.yaml")]
    [InlineData("services: { web: { image: a } }\nvolumes: { v: { driver_opts: { type: none, o: bind, device: / } } }", "volume v is /")]
    [InlineData("services: { web: { image: a } }\nsecrets: { s: { file: /etc/shadow } }", "/etc/shadow of its host")]
    [InlineData("x: &x { privileged: true }\nservices: { web: { <<: *x, image: a } }", "web runs privileged")]
    public void What_hides_elsewhere_in_the_file_is_told(string text, string told) => Assert.Contains(Read(text).Concerns, c => c.Contains(told, StringComparison.Ordinal));

    [Theory]
    [InlineData("privileged: false")]
    [InlineData("network_mode: none")]
    [InlineData("volumes: [ 'data:/data', './conf:/etc/nginx:ro', { type: volume, source: data, target: /d } ]")]
    [InlineData("env_file: .env")]
    [InlineData("ports: [ '80:80' ]")]
    public void What_is_usual_is_no_concern(string setting) => Assert.Empty(Read($"services:\n  web:\n    image: a\n    {setting}\n").Concerns);

    [Fact]
    public void What_a_person_is_asked_names_services_images_and_volumes()
    {
        var reading = Read("name: shop\nservices:\n  web: { image: 'nginx:1', privileged: true }\n  db: { build: . }\nvolumes: { data: , logs: }\n");

        Assert.Equal("shop", reading.Project);
        Assert.Equal("mind: web runs privileged, which is root on its host, db is built from a folder or address; services db (built there), web (nginx:1); volumes data, logs", reading.ToString());
    }

    [Fact]
    public void A_second_file_is_put_over_the_first()
    {
        var reading = ComposeReading.Of([Document("services: { web: { image: a } }"), Document("services: { web: { privileged: true }, more: { image: b } }")]);

        Assert.Equal(["more", "web"], reading.Services);
        Assert.Equal("a", reading.Images["web"]);
        Assert.Single(reading.Concerns);
    }

    [Theory]
    [InlineData("a: [", 2)]
    [InlineData("a: 1\nprivileged: false\nprivileged: true\n", 3)]
    [InlineData("a: 1\n---\nb: 2\n", 3)]
    [InlineData("a: !x 1", 1)]
    public void What_could_be_read_in_two_ways_is_not_read(string text, int line)
    {
        var reading = new YamlReader().Read(text);

        Assert.NotNull(reading.Problem);
        Assert.Equal(line, reading.Line);
    }

    [Theory]
    [InlineData("plugin 2.39.1", "docker compose 2.39.1")]
    [InlineData("plugin v2.39.1", "docker compose v2.39.1")]
    [InlineData("program 1.29.2", "docker-compose 1.29.2")]
    [InlineData("program 2.20.0", "docker-compose 2.20.0")]
    public void The_compose_of_a_host_is_known_by_what_it_says(string line, string told)
    {
        var program = ComposeProgram.Read(line)!;

        Assert.Equal(told, program.ToString());
        Assert.Equal(line.Split(' ')[0], program.Kind);
        Assert.DoesNotContain("-v", ComposeProgram.Down);
        Assert.Null(ComposeProgram.Read(""));
    }

    [Theory]
    [InlineData("/opt/stacks/Media.Box", "mediabox")]
    [InlineData("/opt/stacks/_x-1/", "x-1")]
    public void A_project_is_named_as_compose_names_it(string folder, string project) => Assert.Equal(project, ComposeProgram.ProjectOf(folder));

    private static JsonObject Document(string text) => Assert.IsType<JsonObject>(new YamlReader().Read(text).Document);

    private static ComposeReading Read(string text) => ComposeReading.Of([Document(text)]);
}
