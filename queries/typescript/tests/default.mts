export default {
  created: () => { },
//^ definition.method
  destroy() { },
//^ definition.method
};
