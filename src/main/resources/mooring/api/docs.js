window.addEventListener("DOMContentLoaded", () => {
  SwaggerUIBundle({
    urls: [
      { name: "Cloudheed", url: "../openapi/cloudheed.yaml" },
      { name: "Exoscale", url: "../openapi/exoscale.yaml" },
      { name: "IONOS", url: "../openapi/ionos.yaml" },
      { name: "Uncloud", url: "../openapi/uncloud.yaml" },
    ],
    dom_id: "#contract",
    deepLinking: true,
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    layout: "StandaloneLayout",
    // Nothing is sent to anybody but this server.
    validatorUrl: null,
  });
});
